import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStorage } from '../storage/memory.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office } from '../trial/office.ts';

const from = { name: '李明', address: 'li@hongyan.example' };

let office = new Office();

beforeEach(() => {
	office = new Office();
});

afterEach(() => {
	office.close();
});

async function openDraft(storage?: ReplicaStorage) {
	const tab = await office.openTab(storage);
	const id = await tab.drafts.create({ from, to: [from], subject: 'With files' });
	const draft = await tab.drafts.open(id);
	if (draft === undefined) throw new Error('no draft');
	const kept = () =>
		tab.core.storage.read(['attachments', 'blobs'], async (transaction) => ({
			records: (await transaction.getAll('attachments')).map(({ name }) => name),
			blobs: (await transaction.getAll('blobs')).length
		}));
	return { tab, id, draft, kept };
}

/** A file whose bytes come when the test says so. */
function slowFile(name: string) {
	const bytes = Promise.withResolvers<ArrayBuffer>();
	const blob = Object.assign(new Blob(['12345']), { arrayBuffer: () => bytes.promise });
	return { file: { name, type: 'text/plain', blob }, come: () => bytes.resolve(new ArrayBuffer(5)), bytes };
}

const statesOf = (draft: { attachments(): readonly { name: string; state: { kind: string } }[] }) =>
	draft.attachments().map(({ name, state }) => `${name} ${state.kind}`);

describe('files on their way into a draft', () => {
	it('[R49] [2.3.2-a] are listed at once, one after the other is read, and the letter waits for all of them', async () => {
		const { tab, id, draft } = await openDraft();
		const [one, two] = [slowFile('one'), slowFile('two')];
		void draft.attach(one.file);
		void draft.attach(two.file);
		expect(statesOf(draft)).toEqual(['one reading', 'two reading']);
		const sending = tab.drafts.send(id);
		await settled();
		expect(tab.outboxMemory.rows).toEqual([]);
		two.come();
		one.come();
		expect((await sending).kind).toBe('queued');
		expect(statesOf(draft)).toEqual(['one waiting', 'two waiting']);
		const [row] = tab.outboxMemory.rows;
		expect(row?.body.name === 'submit' && row.body.letter.attachments).toHaveLength(2);
		await draft.close();
	});

	it('[R49] [2.3.2-a] are in the draft when it was left meanwhile', async () => {
		const { tab, id, draft } = await openDraft();
		const { file, come } = slowFile('late');
		const attaching = draft.attach(file);
		const closing = draft.close();
		await settled();
		come();
		expect((await attaching).kind).toBe('attached');
		await closing;
		const again = await tab.drafts.open(id);
		expect(again && statesOf(again)).toEqual(['late waiting']);
		await again?.close();
	});

	it('[R49] leave nothing behind of a draft that is closed', async () => {
		const { draft, kept } = await openDraft();
		await draft.close();
		expect(await draft.attach({ name: 'x', type: '', blob: new Blob(['x']) })).toEqual({
			kind: 'refused',
			code: 'closed'
		});
		expect(await kept()).toEqual({ records: [], blobs: 0 });
	});

	it('[R49] [2.3.2-a] go when they are taken out while they are read, and those after them come', async () => {
		const { draft, kept } = await openDraft();
		const [never, next] = [slowFile('never'), slowFile('next')];
		const results = [draft.attach(never.file), draft.attach(next.file)];
		await settled();
		await draft.detach(draft.attachments()[0]!.id);
		expect(statesOf(draft)).toEqual(['next reading']);
		next.come();
		expect((await Promise.all(results)).map(({ kind }) => kind)).toEqual(['cancelled', 'attached']);
		expect(await kept()).toEqual({ records: ['next'], blobs: 1 });
		await draft.close();
	});

	it('[R49] that are taken out while they are written leave nothing behind', async () => {
		const storage = openMemoryStorage(office.disk);
		let written = () => Promise.resolve();
		const { draft, kept } = await openDraft({
			...storage,
			write: async (stores, durability, run) => {
				const answer = await storage.write(stores, durability, run);
				if ((stores as readonly string[]).includes('blobs')) await written();
				return answer;
			}
		});
		written = async () => {
			written = () => Promise.resolve();
			expect((await kept()).blobs).toBe(1);
			await draft.detach(draft.attachments()[0]!.id);
		};
		const attaching = draft.attach({ name: 'x', type: '', blob: new Blob(['x']) });
		expect(await attaching).toEqual({ kind: 'cancelled' });
		expect(await kept()).toEqual({ records: [], blobs: 0 });
		expect(statesOf(draft)).toEqual([]);
		await draft.close();
	});

	it('[R49] [2.3.2-a] that can’t be read are refused, and so are those that would be too many bytes', async () => {
		const { draft } = await openDraft();
		const { file, bytes } = slowFile('torn');
		const attaching = draft.attach(file);
		bytes.reject(new DOMException('changed on disk', 'NotReadableError'));
		expect(await attaching).toEqual({ kind: 'refused', code: 'unreadable' });
		const huge = Object.defineProperty(new Blob(['x']), 'size', { value: 35_000_001 });
		expect(await draft.attach({ name: 'huge', type: '', blob: huge })).toEqual({
			kind: 'refused',
			code: 'too-large'
		});
		expect(statesOf(draft)).toEqual([]);
		await draft.close();
	});
});
