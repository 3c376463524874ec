import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { Cursor, Entry, TextChange } from '#schema/space/entry.ts';
import * as Y from 'yjs';
import type { Append } from '../space/entry-log.ts';
import type { Log, LogNews } from './log.ts';

/** A driver under test with two new spaces. */
export interface TrialLog {
	readonly log: Log;
	/** Appends in the space's writer; resolves after the commit. Rejects with a StoreError. */
	append(space: SpaceId, decided: Append): Promise<Entry>;
	readonly spaces: readonly [SpaceId, SpaceId];
	close(): Promise<void>;
}

const device = 'phone' as DeviceId;

function note(text: string): TextChange {
	const doc = new Y.Doc();
	doc.getText('body').insert(0, text);
	return { kind: 'text', document: 'note' as DocumentId, update: new Uint8Array(Y.encodeStateAsUpdate(doc)) };
}

const act = { edge: 'sync', device, action: 'push', detail: 'text 1' } as const;
const at = (fence: Cursor, text = 'x'): Append => ({ fence, act, origin: 'local', changes: [note(text)] });

/** The contract of `Log`; every driver is run through it. */
export function describeLog(name: string, open: () => Promise<TrialLog>): void {
	describe(`the log of ${name}`, () => {
		let trial: TrialLog;
		let log: Log;
		let append: TrialLog['append'];
		let space: SpaceId;
		beforeEach(async () => {
			trial = await open();
			({ log, append } = trial);
			[space] = trial.spaces;
		});
		afterEach(() => trial.close());

		it('[S30] numbers entries from 1 without gaps and gives them back as they were', async () => {
			const start = await log.head(space);
			expect(start.seq).toBe(0);
			for (let seq = 0; seq < 5; seq += 1) {
				const decided = at({ ...start, seq }, `${seq}`);
				const { changes } = decided;
				const entry = { seq: seq + 1, device, origin: 'local', changes };
				expect(await append(space, decided)).toMatchObject(entry);
			}
			expect(await log.head(space)).toEqual({ ...start, seq: 5 });
			const read = await log.read(space, 2, 1e6);
			expect(read).toMatchObject({ kind: 'entries', seq: 5, head: 5, generation: start.generation });
			if (read.kind === 'entries') expect(read.entries.map(({ seq }) => seq)).toEqual([3, 4, 5]);
		});

		it('[S30] appends nothing behind a fence that others passed', async () => {
			const start = await log.head(space);
			const answers = await Promise.allSettled(['a', 'b', 'c'].map((text) => append(space, at(start, text))));
			expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
			const fenced = answers.find(({ status }) => status === 'rejected');
			const reason = { kind: 'conflict', detail: `the log stands at 1 of ${start.generation}` };
			expect(fenced).toMatchObject({ reason });
			expect(await log.head(space)).toEqual({ ...start, seq: 1 });
			expect(await log.read(space, 0, 1e6)).toMatchObject({ entries: [{ seq: 1 }] });
		});

		it('[S30] appends nothing ahead of the log or to another history', async () => {
			const start = await log.head(space);
			for (const fence of [
				{ ...start, seq: 1 },
				{ ...start, generation: 'other' }
			]) {
				await expect(append(space, at(fence))).rejects.toMatchObject({ kind: 'conflict' });
			}
			expect(await log.head(space)).toEqual(start);
		});

		it('[S30] keeps spaces apart', async () => {
			const [, other] = trial.spaces;
			await append(space, at(await log.head(space)));
			expect((await log.head(other)).seq).toBe(0);
			expect((await log.head(other)).generation).not.toBe((await log.head(space)).generation);
		});

		it('[S30] tells everybody of each entry once, in order, and nobody who stopped listening', async () => {
			const heard: LogNews[] = [];
			const stop = log.subscribe((news) => heard.push(news));
			const all: LogNews[] = [];
			log.subscribe((news) => all.push(news));
			const start = await log.head(space);
			await append(space, at(start));
			await expect(append(space, at(start))).rejects.toThrow('conflict');
			await append(space, at({ ...start, seq: 1 }));
			stop();
			await append(space, at({ ...start, seq: 2 }));
			const seqs = (news: LogNews[]) => news.flatMap(({ entries }) => entries.map(({ seq }) => seq));
			expect(seqs(heard)).toEqual([1, 2]);
			expect(seqs(all)).toEqual([1, 2, 3]);
			expect(all.every((news) => news.space === space && news.generation === start.generation)).toBe(true);
		});

		it('[S18] says where a reader stands that is beyond the head', async () => {
			expect(await log.read(space, 1, 100)).toEqual({ kind: 'beyond-head' });
			expect(await log.read(space, 0, 100)).toMatchObject({ kind: 'entries', entries: [], seq: 0, head: 0 });
		});
	});
}
