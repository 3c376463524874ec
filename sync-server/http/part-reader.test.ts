import { expect, it } from 'vitest';
import { PartReader, PartsBusyError, type UnreadMessage } from './part-reader.ts';

const text = `Subject: x\r\n\r\n${'x'.repeat(600_000)}`;

/** A large message, with the number of those that were read before it could be taken apart. */
function counted() {
	const read: number[] = [];
	const message = (number: number): UnreadMessage => ({
		size: text.length,
		read: () => {
			read.push(number);
			return Promise.resolve(new TextEncoder().encode(text));
		}
	});
	return { read, message };
}

it('reads a large message only when it is its turn, and takes no more than may wait', async () => {
	const reader = new PartReader(1, 2);
	const { read, message } = counted();
	const parts = [0, 1, 2].map((number) => reader.read(message(number), '1'));
	await expect(reader.read(message(3), '1')).rejects.toThrow(PartsBusyError);
	expect(read).toEqual([0]);
	for (const part of await Promise.all(parts)) expect(part?.bytes.byteLength).toBe(600_000);
	expect(read).toEqual([0, 1, 2]);
	expect((await reader.read(message(4), '1'))?.bytes.byteLength).toBe(600_000);
});

it('takes a small message apart also while large ones wait, and goes on after one that can not be read', async () => {
	const reader = new PartReader(1, 1);
	const { message } = counted();
	const gone = reader.read({ size: text.length, read: () => Promise.reject(new Error('gone')) }, '1');
	const next = reader.read(message(1), '1');
	const small = { size: 20, read: () => Promise.resolve(Buffer.from('Subject: x\r\n\r\nsmall')) };
	expect((await reader.read(small, '1'))?.bytes.toString()).toBe('small');
	await expect(gone).rejects.toThrow('gone');
	expect((await next)?.bytes.byteLength).toBe(600_000);
});
