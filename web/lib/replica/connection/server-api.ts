import * as v from 'valibot';
import type { AttachmentId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { Content } from '#schema/mail/summary.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { Opening, Pack } from '#schema/space/entry.ts';
import type { Fetch } from '../../platform/transfer.ts';
import type { FetchFailure } from '../contents.ts';

export type Fetched<Value> =
	| { readonly kind: 'fetched'; readonly value: Value }
	| { readonly kind: 'failed'; readonly code: FetchFailure };

/** Arrival numbers one pack is asked for. */
export const packRequest = 500;

/** Milliseconds after which an answer that did not come is taken for no connection. */
const patience = 120_000;

/** Bodies one request is asked for. */
export const contentsRequest = 50;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const cursor = v.looseObject({ generation: v.string(), seq: whole });
const list = v.array(v.looseObject({}));

const openingShape = v.looseObject({
	cursor,
	arrivals: whole,
	counters: v.record(v.string(), v.looseObject({ total: v.number(), unread: v.number() })),
	registers: list,
	documents: list,
	submissions: list,
	deliveries: list
});

const packShape = v.pipe(
	v.looseObject({ cursor, from: whole, to: whole, messages: list, registers: list }),
	v.check(({ from, to }) => from < to && to - from <= 20 * packRequest, 'no run of messages')
);

const contentShape = v.looseObject({
	text: v.nullable(v.string()),
	html: v.nullable(v.string()),
	parts: list,
	defects: v.array(v.string()),
	parser: v.number()
});

const contentsShape = v.array(v.looseObject({ arrival: whole, content: contentShape }));

function failureOf(status: number): FetchFailure {
	if (status === 401) return 'signed-out';
	if (status === 404 || status === 410) return 'gone';
	return status >= 500 || status === 429 ? 'offline' : 'refused';
}

async function bytesOf(fetch: Fetch, url: string): Promise<Fetched<Uint8Array<ArrayBuffer>>> {
	try {
		const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(patience) });
		if (!response.ok) return { kind: 'failed', code: failureOf(response.status) };
		return { kind: 'fetched', value: new Uint8Array(await response.arrayBuffer()) };
	} catch {
		// fetch and its body reject for one reason only: the connection, also one that came to nothing.
		return { kind: 'failed', code: 'offline' };
	}
}

/** Decodes and checks what was fetched; what is not of the shape is taken for a refusal. */
function checked<Value>(
	fetched: Fetched<Uint8Array<ArrayBuffer>>,
	decode: (bytes: Uint8Array<ArrayBuffer>) => unknown,
	shape: v.GenericSchema
): Fetched<Value> {
	if (fetched.kind === 'failed') return fetched;
	try {
		const value = decode(fetched.value);
		// The shape names what the replica relies on; the rest is the server's word.
		if (v.is(shape, value)) return { kind: 'fetched', value: value as Value };
	} catch {
		// Not the encoding at all: a proxy's page, a truncated body.
	}
	return { kind: 'failed', code: 'refused' };
}

const fromJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** What a replica fetches over HTTP. Nothing here rejects. */
export interface ServerApi {
	opening(): Promise<Fetched<Opening>>;
	/** The newest messages below an arrival number. */
	pack(before: number, count: number): Promise<Fetched<Pack>>;
	content(arrival: number): Promise<Fetched<Content>>;
	contents(
		arrivals: readonly number[]
	): Promise<Fetched<readonly { readonly arrival: number; readonly content: Content }[]>>;
	part(arrival: number, section: string): Promise<Fetched<Uint8Array<ArrayBuffer>>>;
	attachment(id: AttachmentId): Promise<Fetched<Uint8Array<ArrayBuffer>>>;
	isSignedOut(): Promise<boolean>;
	readonly urls: {
		raw(arrival: number): string;
		part(arrival: number, section: string): string;
		attachment(id: AttachmentId, about?: { document: DocumentId; name: string; type: string }): string;
	};
}

/** The HTTP side of one space (same origin, the session's cookie). */
export function serverApi(fetch: Fetch, space: SpaceId): ServerApi {
	const root = `/api/spaces/${encodeURIComponent(space)}`;
	const urls: ServerApi['urls'] = {
		raw: (arrival) => `${root}/messages/${arrival}/raw`,
		part: (arrival, section) => `${root}/messages/${arrival}/parts/${encodeURIComponent(section)}`,
		attachment: (id, about) =>
			`${root}/attachments/${encodeURIComponent(id)}${about === undefined ? '' : `?${new URLSearchParams(about)}`}`
	};
	return {
		urls,
		opening: async () => checked(await bytesOf(fetch, `${root}/opening`), decodeAny, openingShape),
		pack: async (before, count) =>
			checked(await bytesOf(fetch, `${root}/packs?before=${before}&count=${count}`), decodeAny, packShape),
		content: async (arrival) =>
			checked(await bytesOf(fetch, `${root}/messages/${arrival}/content`), fromJson, contentShape),
		contents: async (arrivals) =>
			checked(
				await bytesOf(fetch, `${root}/contents?arrivals=${arrivals.join(',')}`),
				decodeAny,
				contentsShape
			),
		part: (arrival, section) => bytesOf(fetch, urls.part(arrival, section)),
		attachment: (id) => bytesOf(fetch, urls.attachment(id)),
		async isSignedOut() {
			const answer = await bytesOf(fetch, '/api/session');
			return answer.kind === 'failed' && answer.code === 'signed-out';
		}
	};
}
