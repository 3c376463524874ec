import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachmentsOf, type DraftSeed } from '#schema/docs/draft.ts';
import { quotedOf, unquotedOf, wholeMessage } from '#schema/docs/draft-original.ts';
import type { Content } from '#schema/mail/summary.ts';
import type { ContentResult, FetchWatch, PartResult } from '#lib/replica/contents.ts';
import { settled } from '#lib/replica/trial/manual-clock.ts';
import { Office } from '#lib/replica/trial/office.ts';
import { Original } from './original.ts';

const from = { name: '李明', address: 'li@hongyan.example' };
const part = (section: string) => ({ section, name: `${section}.pdf`, type: 'application/pdf', size: 5 });
const content: Content = { text: 'Hello', html: null, parts: [], defects: [], parser: 1 };
const bytes: PartResult = { kind: 'here', blob: new Blob(['12345']) };

let office = new Office();

beforeEach(() => {
	office = new Office();
});

afterEach(() => {
	office.close();
});

/** A forward that was opened, and the fetches it asks for; the test says what comes of each. */
async function openForward(seed: Partial<DraftSeed>, quoted: string | null = '<p>Hello</p>') {
	const tab = await office.openTab();
	const id = await tab.drafts.create({ from, answers: { arrival: 7, how: 'forward' }, ...seed });
	const handle = await tab.drafts.open(id);
	if (handle === undefined) throw new Error('no draft');
	const asked: { what: string; watch: FetchWatch; answer: (result: never) => void }[] = [];
	const ask = <Result>(what: string, watch: FetchWatch = {}) =>
		new Promise<Result>((resolve) => {
			asked.push({ what, watch, answer: resolve });
			const cancelled = { kind: 'failed', code: 'cancelled' };
			watch.signal?.addEventListener('abort', () => {
				resolve(cancelled as Result);
			});
		});
	const open = () =>
		new Original({
			handle,
			clock: office.machine.clock,
			contents: {
				content: () => ask<ContentResult>('content'),
				part: (_arrival, section, watch) => ask<PartResult>(section, watch),
				raw: (_arrival, watch) => ask<PartResult>('raw', watch)
			},
			take: () =>
				Promise.resolve({
					quoted: quoted === null ? null : { attribution: 'Forwarded', html: quoted },
					parts: [part('2')]
				})
		});
	const original = open();
	const come = async (result: ContentResult | PartResult) => {
		await settled();
		asked.at(-1)?.answer(result as never);
		await settled();
	};
	const whats = () => asked.map(({ what }) => what);
	const attached = () => attachmentsOf(handle.doc).map(({ name }) => name);
	return { tab, id, handle, original, open, asked, whats, come, attached };
}

describe('the original of a forward', () => {
	it('[2.2.4-a] has its files fetched one after the other, each shown until it is attached', async () => {
		const { original, whats, come, attached, asked } = await openForward({ wanted: [part('2'), part('3')] });
		await settled();
		expect(whats()).toEqual(['2']);
		asked[0]?.watch.progress?.(3);
		expect(original.parts.map(({ state }) => state)).toEqual([
			{ kind: 'fetching', received: 3 },
			{ kind: 'fetching', received: 0 }
		]);
		await come(bytes);
		expect([attached(), original.parts.length]).toEqual([['2.pdf'], 1]);
		await come(bytes);
		expect([attached(), original.parts]).toEqual([['2.pdf', '3.pdf'], []]);
		original.stop();
	});

	it('[2.2.4-a] keeps what did not come as missing, and tries again by itself, by hand and with the network', async () => {
		const { original, whats, come, attached } = await openForward({ wanted: [part('2')] });
		await come({ kind: 'not-here' });
		expect(original.parts).toEqual([{ ...part('2'), state: { kind: 'not-here' } }]);
		await office.machine.clock.advance(3_000);
		await come({ kind: 'not-here' });
		original.kick();
		await come({ kind: 'failed', code: 'refused' });
		original.again('2');
		expect(original.parts[0]?.state).toEqual({ kind: 'fetching', received: 0 });
		await come(bytes);
		expect(whats()).toEqual(['2', '2', '2', '2']);
		expect(attached()).toEqual(['2.pdf']);
		original.stop();
	});

	it('[2.2.4-a] goes on being fetched when the draft is opened again', async () => {
		const { tab, id, handle, original, asked, come } = await openForward({ wanted: [part('2')] });
		await settled();
		original.stop();
		expect(asked[0]?.watch.signal?.aborted).toBe(true);
		await handle.close();
		await come(bytes);
		const again = await tab.drafts.open(id);
		if (again === undefined) throw new Error('no draft');
		const reopened = new Original({
			handle: again,
			clock: office.machine.clock,
			contents: {
				content: () => Promise.resolve({ kind: 'not-here' }),
				part: () => Promise.resolve(bytes),
				raw: () => Promise.resolve(bytes)
			},
			take: () => Promise.reject(new Error('nothing to quote'))
		});
		await settled();
		expect(attachmentsOf(again.doc).map(({ name }) => name)).toEqual(['2.pdf']);
		reopened.stop();
		await again.close();
	});

	it('[2.2.4-a] does not bring a file that was left out while it came', async () => {
		const { original, come, attached, asked } = await openForward({ wanted: [part('2')] });
		await settled();
		original.leaveOut('2');
		expect(asked[0]?.watch.signal?.aborted).toBe(true);
		await come(bytes);
		expect([attached(), original.parts]).toEqual([[], []]);
		original.stop();
	});

	it('[2.2.4-a] says of a file why it can’t be attached', async () => {
		const { original, come } = await openForward({ wanted: [part('2')] });
		const huge = Object.defineProperty(new Blob(['x']), 'size', { value: 35_000_001 });
		await come({ kind: 'here', blob: huge });
		expect(original.parts[0]?.state).toEqual({ kind: 'refused', code: 'too-large' });
		original.again('2');
		await come(bytes);
		expect(original.parts).toEqual([]);
		original.stop();
	});

	it('[2.2.4-a] is quoted when its text comes late, and its files with it', async () => {
		const { handle, original, come, whats } = await openForward({ unquoted: 'late' });
		expect([original.quote?.kind, original.lacksText]).toEqual(['fetching', true]);
		await come({ kind: 'not-here' });
		expect(original.quote).toEqual({ kind: 'not-here' });
		original.quoteAgain();
		await come({ kind: 'here', content });
		expect(quotedOf(handle.doc)?.html).toBe('<p>Hello</p>');
		expect([original.quote, original.lacksText]).toEqual([null, false]);
		expect(whats()).toEqual(['content', 'content', '2']);
		original.stop();
	});

	it('[2.2.4-a] that is too long to be quoted can be taken along whole', async () => {
		const { handle, original, come, attached, whats } = await openForward({ unquoted: 'late' }, null);
		await come({ kind: 'here', content });
		expect([original.quote, original.parts.length]).toEqual([{ kind: 'too-long' }, 1]);
		original.attachWhole({ section: wholeMessage, name: 'All.eml', type: 'message/rfc822', size: 5 });
		await settled();
		expect(unquotedOf(handle.doc)).toBeUndefined();
		expect(whats()).toEqual(['content', '2', 'raw']);
		await come(bytes);
		expect(attached()).toEqual(['All.eml']);
		original.stop();
	});

	it('[2.2.4-a] is left out when the person says so, and nothing of it comes later', async () => {
		const { original, come, attached } = await openForward({ unquoted: 'late', wanted: [part('3')] });
		original.leaveOutAll();
		expect([original.quote, original.parts, original.lacksText]).toEqual([null, [], false]);
		await come(bytes);
		expect(attached()).toEqual([]);
		original.stop();
	});
});
