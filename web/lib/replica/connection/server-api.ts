import * as v from 'valibot';
import type { AttachmentId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { Content } from '#schema/mail/summary.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { ChangedPack, Opening, Pack } from '#schema/space/entry.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Fetch } from '../../platform/transfer.ts';
import type { FetchWatch } from '../contents.ts';
import { download, type Fetched } from './download.ts';

export type { Fetched };

/** Arrival numbers one pack is asked for. */
export const packRequest = 500;

/** Messages that changed, as many as one pack of them is asked for. */
const changedRequest = 1000;

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

const changedPackShape = v.pipe(
	v.looseObject({
		cursor,
		from: whole,
		to: whole,
		arrived: list,
		threads: v.array(v.array(whole)),
		registers: list,
		withdrawn: v.array(whole)
	}),
	v.check(({ from, to }) => from < to, 'no run of messages')
);

const contentShape = v.looseObject({
	text: v.nullable(v.string()),
	html: v.nullable(v.string()),
	parts: list,
	defects: v.array(v.string()),
	parser: v.number()
});

const contentsShape = v.array(v.looseObject({ arrival: whole, content: contentShape }));

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
	/** The opening for a replica that stands at an entry: of documents, only what changed since. */
	openingSince(since: number): Promise<Fetched<Opening>>;
	/** What became of messages since an entry, newest first, below an arrival number. */
	changedPack(since: number, before: number): Promise<Fetched<ChangedPack>>;
	content(arrival: number, watch?: FetchWatch): Promise<Fetched<Content>>;
	contents(
		arrivals: readonly number[]
	): Promise<Fetched<readonly { readonly arrival: number; readonly content: Content }[]>>;
	part(arrival: number, section: string, watch?: FetchWatch): Promise<Fetched<Uint8Array<ArrayBuffer>>>;
	/** The whole message as it came. */
	raw(arrival: number, watch?: FetchWatch): Promise<Fetched<Uint8Array<ArrayBuffer>>>;
	attachment(id: AttachmentId): Promise<Fetched<Uint8Array<ArrayBuffer>>>;
	isSignedOut(): Promise<boolean>;
	readonly urls: {
		raw(arrival: number): string;
		part(arrival: number, section: string): string;
		attachment(id: AttachmentId, about?: { document: DocumentId; name: string; type: string }): string;
	};
}

/** The HTTP side of one space (same origin, the session's cookie). */
export function serverApi(fetch: Fetch, clock: Clock, space: SpaceId): ServerApi {
	const root = `/api/spaces/${encodeURIComponent(space)}`;
	const urls: ServerApi['urls'] = {
		raw: (arrival) => `${root}/messages/${arrival}/raw`,
		part: (arrival, section) => `${root}/messages/${arrival}/parts/${encodeURIComponent(section)}`,
		attachment: (id, about) =>
			`${root}/attachments/${encodeURIComponent(id)}${about === undefined ? '' : `?${new URLSearchParams(about)}`}`
	};
	const get = (url: string, watch?: FetchWatch) => download(fetch, clock, url, watch);
	return {
		urls,
		opening: async () => checked(await get(`${root}/opening`), decodeAny, openingShape),
		pack: async (before, count) =>
			checked(await get(`${root}/packs?before=${before}&count=${count}`), decodeAny, packShape),
		openingSince: async (since) =>
			checked(await get(`${root}/opening?since=${since}`), decodeAny, openingShape),
		changedPack: async (since, before) =>
			checked(
				await get(`${root}/packs?since=${since}&before=${before}&count=${changedRequest}`),
				decodeAny,
				changedPackShape
			),
		content: async (arrival, watch) =>
			checked(await get(`${root}/messages/${arrival}/content`, watch), fromJson, contentShape),
		contents: async (arrivals) =>
			checked(await get(`${root}/contents?arrivals=${arrivals.join(',')}`), decodeAny, contentsShape),
		part: (arrival, section, watch) => get(urls.part(arrival, section), watch),
		raw: (arrival, watch) => get(urls.raw(arrival), watch),
		attachment: (id) => get(urls.attachment(id)),
		async isSignedOut() {
			const answer = await get('/api/session');
			return answer.kind === 'failed' && answer.code === 'signed-out';
		}
	};
}
