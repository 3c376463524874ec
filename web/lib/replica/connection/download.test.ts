import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../platform/transfer.ts';
import { ManualClock, settled } from '../trial/manual-clock.ts';
import { download, patience } from './download.ts';

/** A server that sends what the test says when it says so, on a connection that can be given up. */
function slowServer(status = 200) {
	const body = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
	const fetch: Fetch = (_url, init) => {
		const stream = new ReadableStream<Uint8Array>({
			start(controller) {
				init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
				body.resolve(controller);
			}
		});
		return Promise.resolve(new Response(stream, { status }));
	};
	return { fetch, body: body.promise };
}

describe('a download', () => {
	it('[R26] takes as long as it takes while bytes keep coming, and tells how many', async () => {
		const clock = new ManualClock();
		const { fetch, body } = slowServer();
		const told: number[] = [];
		const downloading = download(fetch, clock, '/file', { progress: (received) => told.push(received) });
		for (let piece = 1; piece <= 20; piece += 1) {
			await clock.advance(patience - 1);
			(await body).enqueue(Uint8Array.of(piece));
		}
		await settled();
		(await body).close();
		const result = await downloading;
		expect(result.kind === 'fetched' && [...result.value]).toEqual(
			Array.from({ length: 20 }, (_, at) => at + 1)
		);
		expect(told).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
		expect(clock.nextTimer).toBeUndefined();
	});

	it('[R26] is broken when nothing comes for a while, before or amid the body', async () => {
		const clock = new ManualClock();
		const { fetch, body } = slowServer();
		const downloading = download(fetch, clock, '/file');
		(await body).enqueue(Uint8Array.of(1));
		await clock.advance(patience);
		expect(await downloading).toEqual({ kind: 'failed', code: 'offline' });
		const silent: Fetch = (_url, init) =>
			new Promise((_resolve, reject) => {
				init?.signal?.addEventListener('abort', () => reject(new Error('given up')));
			});
		const waiting = download(silent, clock, '/file');
		await clock.advance(patience);
		expect(await waiting).toEqual({ kind: 'failed', code: 'offline' });
	});

	it('[R26] ends when it is cancelled', async () => {
		const { fetch, body } = slowServer();
		const cancel = new AbortController();
		const downloading = download(fetch, new ManualClock(), '/file', { signal: cancel.signal });
		(await body).enqueue(Uint8Array.of(1));
		cancel.abort();
		expect(await downloading).toEqual({ kind: 'failed', code: 'cancelled' });
	});

	it.each([
		[401, 'signed-out'],
		[404, 'gone'],
		[429, 'offline'],
		[503, 'offline'],
		[400, 'refused']
	])('says why it failed: %i is %s', async (status, code) => {
		const { fetch } = slowServer(status);
		expect(await download(fetch, new ManualClock(), '/file')).toEqual({ kind: 'failed', code });
	});
});
