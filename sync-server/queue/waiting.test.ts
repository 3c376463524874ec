import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { spacePath } from '../store/space/path.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { named, statesOf, submitCommand } from './trial/letters.ts';
import { li, Office, wang } from './trial/office.ts';

let office: Office;
afterEach(() => office.close());

/** Paths of files that can't be read, and the operations that they then fail; none means all. */
let spoilt: { readonly path: string; readonly operation?: string } | null = null;
afterEach(() => {
	spoilt = null;
});

function spoilable(store: Store): Store {
	const broken = (): Promise<never> => Promise.reject(new StoreError('broken', 'file is not a database'));
	return {
		...store,
		file: (kind, name) => {
			const file = store.file(kind, name);
			const isSpoilt = (operation: string) =>
				spoilt?.path === name && (spoilt.operation ?? operation) === operation;
			return { call: (...call) => (isSpoilt(call[0]) ? broken() : file.call(...call)) };
		}
	};
}

const spaceFile = async (address: string) => spacePath(await office.spaceOf(address));
const subjects = async (address: string) => (await office.mailbox(address)).map(({ subject }) => subject);
const complaints = () => office.logged.filter((line) => line.includes('could not decide'));

describe('a space that can not be read', () => {
	it('[Q44] keeps no other letter waiting, and decides on its own once it can be read', async () => {
		office = await Office.open({ storeOf: spoilable });
		await office.queue.submit(await submitCommand(office, 'c1', {}));
		spoilt = { path: await spaceFile(li) };
		await office.advance(10_000);
		await office.accept('Subject: News\r\n\r\nHello\r\n', [wang]);
		await office.queue.idle();
		expect(await subjects(wang)).toEqual(['News']);
		await office.advance(10 * 60_000);
		expect(await office.queue.counts()).toEqual({ waiting: 1 });
		expect(complaints().at(0)).toContain(`"space":"${await office.spaceOf(li)}","error":"broken"`);
		// Once a minute and no more.
		expect(complaints().length).toBeLessThanOrEqual(11);
		spoilt = null;
		await office.advance(60_000);
		expect(await subjects(wang)).toEqual(['News', 'Lunch']);
		expect(await statesOf(office)).toEqual({ [`Lunch ${wang}`]: 'delivered' });
	});

	it('[Q44] is asked about what it was handed before it failed, also after another start', async () => {
		office = await Office.open({ storeOf: spoilable });
		spoilt = { path: await spaceFile(li), operation: 'submit' };
		await expect(office.queue.submit(await submitCommand(office, 'c1', {}))).rejects.toThrow('broken');
		spoilt = { path: await spaceFile(li) };
		await office.advance(10_000);
		expect(complaints()).toHaveLength(1);
		await office.crash();
		expect(complaints()).toHaveLength(2);
		expect(await office.queue.counts()).toEqual({ waiting: 1 });
		spoilt = null;
		await office.crash();
		expect(await office.queue.counts()).toEqual({});
		expect(await subjects(wang)).toEqual([]);
	});

	it('[Q44] keeps nobody from starting', async () => {
		office = await Office.open();
		await office.queue.submit(await submitCommand(office, 'c1', { to: [named(wang)] }));
		const file = path.join(office.folder, await spaceFile(li));
		await office.store.close();
		const whole = readFileSync(file);
		writeFileSync(file, Buffer.alloc(8192, 7));
		for (const rest of ['-wal', '-shm']) rmSync(file + rest, { force: true });
		office.clock.advance(10_000);
		await office.crash();
		await office.accept('Subject: News\r\n\r\nHello\r\n', [wang]);
		await office.queue.idle();
		expect(await subjects(wang)).toEqual(['News']);
		writeFileSync(file, whole);
		await office.advance(60_000);
		expect(await subjects(wang)).toEqual(['News', 'Lunch']);
	});
});
