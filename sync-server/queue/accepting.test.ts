import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { EnvelopeId, SubmissionId } from '#schema/ids.ts';
import { BlobError } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';
import { li, Office, pieces, wang, type OfficeOptions } from './trial/office.ts';

let office: Office;
afterEach(() => office.close());

async function open(options?: OfficeOptions): Promise<void> {
	office = await Office.open(options);
}

const letter = (subject: string, body = 'Hello\r\n') =>
	`From: far@outside.example\r\nSubject: ${subject}\r\n\r\n${body}`;

describe('accepting', () => {
	it('[Q1] commits before it answers, and what is accepted is delivered', async () => {
		await open();
		const commits = office.store.figures.commits;
		await office.accept(letter('one'), [li, wang]);
		expect(office.store.figures.commits).toBeGreaterThan(commits);
		await office.queue.idle();
		expect(await office.mailbox(li)).toEqual([{ subject: 'one', raw: letter('one') }]);
		expect(await office.mailbox(wang)).toHaveLength(1);
	});

	it('[Q1] survives a crash right after the answer', async () => {
		await open();
		await office.accept(letter('one'), [li]);
		await office.crash();
		expect(await office.mailbox(li)).toEqual([{ subject: 'one', raw: letter('one') }]);
	});

	it('[Q1] never takes back what is on its way', async () => {
		await open();
		await office.queue.stop(0);
		const { id } = await office.accept(letter('one'), [li]);
		await office.queueFile().call('discard', { envelope: id });
		expect(await office.queue.counts()).toEqual({ queued: 1 });
	});

	it('[Q2] keeps a large message in the blob store and every byte of it', async () => {
		await open();
		const raw = letter('large', 'é\0 line\n'.repeat(40_000));
		await office.accept(Buffer.from(raw, 'utf8'), [li]);
		await office.queue.idle();
		const [lying] = await office.mailbox(li);
		expect(hash(lying?.raw ?? '')).toBe(hash(Buffer.from(raw, 'utf8').toString('latin1')));
	});

	it('[Q2] keeps up to 64 KB in the commit and streams what is larger', async () => {
		await open();
		const collected = async (size: number) => {
			const content = await office.queue.collect(pieces(Buffer.alloc(size, 'x')));
			content.release();
			return [content.stored.kind, content.size];
		};
		expect(await collected(64 * 1024)).toEqual(['inline', 65_536]);
		expect(await collected(64 * 1024 + 1)).toEqual(['blob', 65_537]);
	});

	it('[Q3] delivers once to a space with two addresses', async () => {
		await open();
		await office.accept(letter('one'), [li, 'ming@hongyan.example', li.toUpperCase()]);
		await office.queue.idle();
		expect(await office.mailbox(li)).toHaveLength(1);
	});

	it('[Q8] takes 50 MB and nothing larger, and leaves nothing of it', async () => {
		await open({ messageBytes: 100_000 });
		const collect = (size: number) => office.queue.collect(pieces(Buffer.alloc(size, 'x')));
		(await collect(100_000)).release();
		await expect(collect(100_001)).rejects.toEqual(new BlobError('too-large'));
	});

	it('[Q7] refuses with a full disk, keeps nothing of it, and works again with room', async () => {
		await open({ queuePages: 60 });
		await office.queue.stop(0);
		const filler = 'x'.repeat(20_000);
		const outcomes: string[] = [];
		for (let number = 0; number < 40; number += 1) {
			const outcome = await office.accept(letter(`${number}`, filler), [li]).then(
				() => 'accepted',
				(error: unknown) => (error instanceof StoreError ? error.kind : 'other')
			);
			outcomes.push(outcome);
		}
		const accepted = outcomes.filter((outcome) => outcome === 'accepted').length;
		expect(accepted).toBeGreaterThan(0);
		expect(outcomes.slice(accepted)).toEqual(Array(40 - accepted).fill('full'));
		await office.crash();
		expect((await office.mailbox(li)).map(({ subject }) => subject)).toEqual(
			Array.from({ length: accepted }, (_, number) => `${number}`)
		);
		await office.accept(letter('after', filler), [li]);
		await office.queue.idle();
		expect((await office.mailbox(li)).at(-1)?.subject).toBe('after');
	});
});

function hash(text: string): string {
	return createHash('sha256').update(text, 'latin1').digest('hex');
}

describe('repeats', () => {
	const send = (to: readonly string[] = [li], sender?: string, peer?: string, subject = 'one') =>
		office.accept(letter(subject), to, sender, peer);
	const numberIn = async (address: string) => {
		await office.queue.idle();
		return (await office.mailbox(address)).length;
	};
	const breakOff = ({ guarded }: Awaited<ReturnType<typeof send>>) => office.queue.ended(guarded, 'broken');
	const hear = ({ guarded }: Awaited<ReturnType<typeof send>>) => office.queue.ended(guarded, 'heard');

	it('[Q4] are dropped where the connection broke before another command', async () => {
		await open();
		breakOff(await send());
		const again = await send();
		expect(again.stored).toBe(false);
		expect(await numberIn(li)).toBe(1);
	});

	it('[Q4] are delivered where the client was heard, or is still connected', async () => {
		await open();
		hear(await send());
		expect((await send()).stored).toBe(true);
		expect((await send()).stored).toBe(true);
		expect(await numberIn(li)).toBe(3);
	});

	it('[Q4] are no repeats from another peer, sender, to somebody else, or with other bytes', async () => {
		await open();
		breakOff(await send());
		await send([li], undefined, '192.0.2.2');
		await send([li], 'other@outside.example');
		await send([wang]);
		await send([li], undefined, undefined, 'two');
		expect([await numberIn(li), await numberIn(wang)]).toEqual([4, 1]);
	});

	it('[Q4] are dropped only for those who have it', async () => {
		await open();
		breakOff(await send([li]));
		const again = await send(['ming@hongyan.example', wang]);
		expect(again.stored).toBe(true);
		expect([await numberIn(li), await numberIn(wang)]).toEqual([1, 1]);
	});

	it('[Q4] are delivered after an hour', async () => {
		await open();
		breakOff(await send());
		office.clock.advance(3_600_000);
		expect((await send()).stored).toBe(true);
	});

	it('[Q5] are dropped where the process died with the connection open', async () => {
		await open();
		await send();
		await office.crash();
		expect((await send()).stored).toBe(false);
		expect(await numberIn(li)).toBe(1);
	});

	it('[Q6] dropped, decide with their own connection what comes next', async () => {
		await open();
		breakOff(await send());
		breakOff(await send());
		const third = await send();
		expect(third.stored).toBe(false);
		hear(third);
		expect((await send()).stored).toBe(true);
		expect(await numberIn(li)).toBe(2);
	});

	it('[Q4] are delivered while what they repeat may still be taken back', async () => {
		await open();
		const content = await office.queue.collect(pieces(Buffer.from(letter('one'))));
		const organisation = (await office.directory.organisation())?.id;
		if (organisation === undefined) throw new Error('there is no organisation');
		const accept = async (id: string, state: 'tentative' | 'active') =>
			office.queueFile().call('accept', {
				endings: [{ envelope: 'e1' as EnvelopeId, ending: 'broken' }],
				envelope: {
					id: id as EnvelopeId,
					organisation,
					state,
					maker: 'person',
					sender: li,
					submission: { space: await office.spaceOf(li), id: id as SubmissionId },
					size: content.size,
					dataHash: content.dataHash,
					content: content.stored,
					trace: null,
					deliveries: [
						{ ...(await office.recipient(wang)), recipient: wang, guard: Buffer.alloc(16), leased: true }
					]
				}
			});
		await accept('e1', 'tentative');
		expect((await accept('e2', 'tentative')).stored).toBe(true);
		await office.queueFile().call('decide', { envelope: 'e1' as EnvelopeId, until: null });
		expect((await accept('e3', 'tentative')).dropped).toEqual([wang]);
	});

	it('[Q5] are told apart from what was heard shortly before the process died', async () => {
		await open();
		hear(await send());
		office.clock.advance(250);
		await office.crash();
		expect((await send()).stored).toBe(true);
	});
});
