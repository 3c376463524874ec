import type { Clock } from '../../platform/clock.ts';
import type { Fetch } from '../../platform/transfer.ts';
import type { FetchFailure, FetchWatch } from '../contents.ts';

export type Fetched<Value> =
	| { readonly kind: 'fetched'; readonly value: Value }
	| { readonly kind: 'failed'; readonly code: FetchFailure };

/**
 * Milliseconds of silence after which a download is taken for broken. It is silence that counts, never the
 * whole: a large file on a slow line takes as long as it takes.
 */
export const patience = 60_000;

function failureOf(status: number): FetchFailure {
	if (status === 401) return 'signed-out';
	if (status === 404 || status === 410) return 'gone';
	return status >= 500 || status === 429 ? 'offline' : 'refused';
}

/** Fetches all bytes under an address. Never rejects. */
export async function download(
	fetch: Fetch,
	clock: Clock,
	url: string,
	{ signal, progress }: FetchWatch = {}
): Promise<Fetched<Uint8Array<ArrayBuffer>>> {
	const broken = new AbortController();
	const giveUp = () => {
		broken.abort();
	};
	let cancelTimer = clock.after(patience, giveUp);
	const heard = () => {
		cancelTimer();
		cancelTimer = clock.after(patience, giveUp);
	};
	try {
		const either = signal === undefined ? broken.signal : AbortSignal.any([broken.signal, signal]);
		const response = await fetch(url, { cache: 'no-store', signal: either });
		heard();
		if (!response.ok) {
			void response.body?.cancel().catch(() => undefined);
			return { kind: 'failed', code: failureOf(response.status) };
		}
		return { kind: 'fetched', value: await bytesOf(response, heard, progress) };
	} catch {
		// fetch and its body reject for two reasons only: it was given up, or the connection came to nothing.
		return { kind: 'failed', code: signal?.aborted === true ? 'cancelled' : 'offline' };
	} finally {
		cancelTimer();
	}
}

async function bytesOf(
	{ body }: Response,
	heard: () => void,
	progress: FetchWatch['progress']
): Promise<Uint8Array<ArrayBuffer>> {
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	let received = 0;
	const reader = body?.getReader();
	for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
		heard();
		pieces.push(piece.value);
		received += piece.value.byteLength;
		progress?.(received);
	}
	const bytes = new Uint8Array(received);
	let at = 0;
	for (const piece of pieces) {
		bytes.set(piece, at);
		at += piece.byteLength;
	}
	return bytes;
}
