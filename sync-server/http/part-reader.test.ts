import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BytesMissingError } from './body.ts';
import { PartReader, PartsBusyError, type PartReaderOptions, type ReadPart } from './part-reader.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'hongyan-parts-'));
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true });
});

const spool = () => path.join(folder, 'spool');
const lying = () => readdirSync(spool()).length;

function readerOf(options: Partial<PartReaderOptions> = {}): PartReader {
	return new PartReader({ directory: spool(), atOnce: 1, ...options });
}

/** A message with one part of so many bytes, in a file. */
function message(bytes = 600_000) {
	const file = path.join(folder, `${bytes}.eml`);
	const text = `Subject: x\r\n\r\n${'x'.repeat(bytes)}`;
	writeFileSync(file, text);
	return { size: text.length, source: { path: file } };
}

/** Reads a part to its end and says how long it was. */
async function lengthOf(part: ReadPart | null): Promise<number> {
	if (part === null) throw new Error('there is no part');
	return (await new Response(part.body).arrayBuffer()).byteLength;
}

it('takes large messages apart one after another, and no more than may wait', async () => {
	const reader = readerOf({ waiting: 2 });
	const parts = [0, 1, 2].map(() => reader.read(message(), '1'));
	await expect(reader.read(message(), '1')).rejects.toThrow(PartsBusyError);
	for (const part of await Promise.all(parts)) expect(await lengthOf(part)).toBe(600_000);
	expect(await lengthOf(await reader.read(message(), '1'))).toBe(600_000);
	expect(await reader.read(message(), '7')).toBeNull();
});

it('takes a small message apart also while large ones wait, and goes on after one that can not be read', async () => {
	const reader = readerOf();
	const gone = reader.read({ size: 600_000, source: { path: path.join(folder, 'gone') } }, '1');
	const next = reader.read(message(), '1');
	const small = { size: 20, source: Buffer.from('Subject: x\r\n\r\nsmall') };
	expect(await lengthOf(await reader.read(small, '1'))).toBe(5);
	await expect(gone).rejects.toThrow(BytesMissingError);
	expect(await lengthOf(await next)).toBe(600_000);
});

it('holds no large part in memory for those that read slowly, and keeps nobody waiting for them', async () => {
	const reader = readerOf();
	const slow = [await reader.read(message(), '1'), await reader.read(message(), '1')];
	expect(slow.map((part) => part?.body instanceof ReadableStream)).toEqual([true, true]);
	expect(lying()).toBe(2);
	expect(await lengthOf(slow[0] ?? null)).toBe(600_000);
	if (slow[1]?.body instanceof ReadableStream) await slow[1].body.cancel();
	await reader.read(message(600_001), '1').then(lengthOf);
	expect(lying()).toBe(0);
});

it('bounds what lies there for those that read slowly', async () => {
	const reader = readerOf({ spooled: 1_300_000 });
	const first = await reader.read(message(), '1');
	const second = await reader.read(message(), '1');
	await expect(reader.read(message(), '1')).rejects.toThrow(PartsBusyError);
	await lengthOf(second);
	expect(await lengthOf(await reader.read(message(), '1'))).toBe(600_000);
	await lengthOf(first);
});

it('gives up on a reader that has stopped reading, so that the room is there for others', async () => {
	const timers = new Set<() => void>();
	const reader = readerOf({
		spooled: 1_000_000,
		after: (_milliseconds, action) => {
			timers.add(action);
			return () => timers.delete(action);
		}
	});
	const part = await reader.read(message(), '1');
	if (!(part?.body instanceof ReadableStream)) throw new Error('it is streamed');
	const stopped = part.body.getReader();
	await stopped.read();
	await expect(reader.read(message(), '1')).rejects.toThrow(PartsBusyError);
	expect(timers.size).toBe(1);
	for (const passed of timers) passed();
	await expect(stopped.closed).rejects.toThrow('stopped reading');
	expect(lying()).toBe(0);
	expect(await lengthOf(await reader.read(message(), '1'))).toBe(600_000);
	expect(timers.size).toBe(0);
});

it('keeps a small part of a large message in memory, and leaves nothing of an earlier process', async () => {
	const reader = readerOf({ inMemory: 700_000 });
	const part = await reader.read(message(), '1');
	expect([part?.body instanceof Uint8Array, lying()]).toEqual([true, 0]);
	writeFileSync(path.join(spool(), '1'), 'left');
	readerOf();
	expect(lying()).toBe(0);
});

it('reads a large part also where Node is in its watch mode, and threads tell what they import', async () => {
	vi.stubEnv('WATCH_REPORT_DEPENDENCIES', '1');
	expect(await lengthOf(await readerOf().read(message(), '1'))).toBe(600_000);
});
