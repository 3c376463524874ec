import { describe, expect, it } from 'vitest';
import type { Content } from '#schema/mail/summary.ts';
import type { Fetched, ServerApi } from '../connection/server-api.ts';
import type { FetchWatch } from '../contents.ts';
import { receiveEntries } from '../log/receive-entries.ts';
import { readMeta } from '../storage/meta.ts';
import { openBench } from '../trial/bench.ts';
import { arrived, stretch } from '../trial/letters.ts';
import { settled } from '../trial/manual-clock.ts';
import { ContentLibrary } from './content-library.ts';
import { newestOfInbox, Prefetch } from './prefetch.ts';

const content = (text: string): Content => ({ text, html: null, parts: [], defects: [], parser: 1 });

async function openLibrary(messages = 3) {
	const bench = await openBench();
	await receiveEntries(
		bench.core,
		stretch(1, ...Array.from({ length: messages }, (_, index) => arrived(index)))
	);
	const asked: string[] = [];
	const state = { failure: undefined as 'offline' | 'gone' | 'signed-out' | undefined };
	const answer = <Value>(request: string, value: Value): Promise<Fetched<Value>> => {
		asked.push(request);
		const { failure } = state;
		return Promise.resolve(
			failure === undefined ? { kind: 'fetched', value } : { kind: 'failed', code: failure }
		);
	};
	const api = {
		content: (arrival: number) => answer(`content ${arrival}`, content(`body ${arrival}`)),
		contents: (arrivals: readonly number[]) =>
			answer(
				`contents ${arrivals.length}`,
				arrivals.map((arrival) => ({ arrival, content: content(`body ${arrival}`) }))
			),
		part: (arrival: number, section: string) => answer(`part ${arrival} ${section}`, Uint8Array.of(arrival)),
		urls: { raw: (arrival: number) => `raw/${arrival}`, part: () => 'part' }
	} as unknown as ServerApi;
	return { ...bench, api, asked, state, library: new ContentLibrary(bench.core, api) };
}

describe('bodies', () => {
	it('[R26] are fetched once, also when asked for twice at a time, and then here without a connection', async () => {
		const { library, asked, state } = await openLibrary();
		const [one, two] = await Promise.all([library.content(1), library.content(1)]);
		expect(one).toEqual({ kind: 'here', content: content('body 1') });
		expect(two).toEqual(one);
		await settled();
		state.failure = 'offline';
		expect(await library.content(1)).toEqual(one);
		expect(asked).toEqual(['content 1']);
	});

	it('[R26] are said not to be here, or why they can’t be fetched', async () => {
		const { library, state } = await openLibrary();
		state.failure = 'offline';
		expect(await library.content(2)).toEqual({ kind: 'not-here' });
		state.failure = 'gone';
		expect(await library.content(2)).toEqual({ kind: 'failed', code: 'gone' });
	});

	it('[R26] are kept with their parts', async () => {
		const { library, state } = await openLibrary();
		await library.content(1);
		await settled();
		await library.part(1, '2');
		await settled();
		state.failure = 'offline';
		const part = await library.part(1, '2');
		expect(part.kind === 'here' && [...new Uint8Array(await part.blob.arrayBuffer())]).toEqual([1]);
	});

	it('[R26] leave nothing of a message that was withdrawn while they came', async () => {
		const { library, core, storage } = await openLibrary();
		const opening = library.content(1);
		await receiveEntries(core, stretch(4, { kind: 'withdrawn', arrivals: [1, 1] }));
		await opening;
		await settled();
		expect(await storage.read(['contents'], (transaction) => transaction.getAll('contents'))).toEqual([]);
	});

	it('[R26] give way, those not asked for longest first, when there are too many', async () => {
		const { library, storage } = await openLibrary(2005);
		const bodies = Array.from({ length: 2000 }, (_, arrival) => ({ arrival, content: content('x') }));
		await library.keep(bodies);
		await library.content(0);
		await settled();
		await library.keep([{ arrival: 2001, content: content('x') }]);
		const held = await storage.read(['contents', 'meta'], async (transaction) => ({
			first: await transaction.get('contents', 0),
			second: await transaction.get('contents', 1),
			count: (await readMeta(transaction, 'heldContents'))?.length
		}));
		expect(held).toEqual({ first: content('x'), second: undefined, count: 2000 });
	});
});

describe('a part that is asked for', () => {
	async function openSlow() {
		const { core } = await openLibrary();
		const asked: FetchWatch[] = [];
		const answers: ((fetched: Fetched<Uint8Array<ArrayBuffer>>) => void)[] = [];
		const part = (_arrival: number, _section: string, watch: FetchWatch) => {
			asked.push(watch);
			return new Promise<Fetched<Uint8Array<ArrayBuffer>>>((resolve) => answers.push(resolve));
		};
		return { asked, answers, library: new ContentLibrary(core, { part } as unknown as ServerApi) };
	}

	it('[R26] tells everybody who wants it how much has come, and goes on while one of them does', async () => {
		const { library, asked, answers } = await openSlow();
		const cancel = new AbortController();
		const told: string[] = [];
		const one = library.part(1, '2', {
			signal: cancel.signal,
			progress: (received) => told.push(`one ${received}`)
		});
		await settled();
		asked[0]?.progress?.(10);
		const two = library.part(1, '2', { progress: (received) => told.push(`two ${received}`) });
		await settled();
		cancel.abort();
		expect(await one).toEqual({ kind: 'failed', code: 'cancelled' });
		expect(asked[0]?.signal?.aborted).toBe(false);
		asked[0]?.progress?.(20);
		answers[0]?.({ kind: 'fetched', value: Uint8Array.of(7) });
		expect(await two).toMatchObject({ kind: 'here' });
		expect(told).toEqual(['one 10', 'two 10', 'two 20']);
		expect(asked).toHaveLength(1);
	});

	it('[R26] is given up when nobody wants it any more, and fetched anew when somebody does again', async () => {
		const { library, asked } = await openSlow();
		const cancel = new AbortController();
		const one = library.part(1, '2', { signal: cancel.signal });
		await settled();
		cancel.abort();
		expect(await one).toEqual({ kind: 'failed', code: 'cancelled' });
		expect(asked[0]?.signal?.aborted).toBe(true);
		void library.part(1, '2');
		await settled();
		expect(asked[1]?.signal?.aborted).toBe(false);
		expect(await library.part(1, '2', { signal: AbortSignal.abort() })).toEqual({
			kind: 'failed',
			code: 'cancelled'
		});
	});
});

describe('prefetching', () => {
	it('[R27] fetches bodies of the newest of the inbox that are not here, after a moment', async () => {
		const { core, clock, api, library, asked } = await openLibrary(620);
		const prefetch = new Prefetch(core, api, library);
		await library.keep([{ arrival: 619, content: content('x') }]);
		prefetch.connected();
		expect(asked).toEqual([]);
		await clock.advance(2_000);
		expect(asked).toEqual([...Array<string>(9).fill('contents 50'), 'contents 49']);
		prefetch.kick();
		await clock.advance(60_000);
		expect(asked).toHaveLength(10);
	});

	it('[R27] tries again later, and not without a connection', async () => {
		const { core, clock, api, library, asked, state } = await openLibrary();
		const prefetch = new Prefetch(core, api, library);
		state.failure = 'offline';
		prefetch.connected();
		await clock.advance(2_000);
		expect(asked).toHaveLength(1);
		await clock.advance(30_000);
		expect(asked).toHaveLength(2);
		prefetch.disconnected();
		await clock.advance(300_000);
		expect(asked).toHaveLength(2);
	});

	it('[R27] means the inbox, newest first', async () => {
		const { core } = await openLibrary();
		await receiveEntries(core, stretch(4, arrived(3, { mailbox: 'archive' as never }), arrived(4)));
		expect(newestOfInbox(core.memory.columns, 3)).toEqual([4, 2, 1]);
	});
});
