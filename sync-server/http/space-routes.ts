import { Hono } from 'hono';
import * as v from 'valibot';
import type { OrganisationId, SpaceId } from '#schema/ids.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import type { BodyReference } from '../store/space/parsed-message.ts';
import type { StoreFile } from '../store/store.ts';
import { attachmentRoutes } from './attachment-routes.ts';
import { answerWith, sourceOf, streamOf } from './body.ts';
import { downloadHeaders } from './download.ts';
import type { HttpContext, HttpEnvironment } from './environment.ts';
import { PartsBusyError, type ReadPart, type UnreadMessage } from './part-reader.ts';
import { problem } from './problems.ts';

/** What the routes of a space need. */
export interface SpaceRoutesPorts {
	readonly space: (space: SpaceId) => StoreFile<SpaceKind>;
	readonly blobs: BlobStore;
	/** Under whose key the blobs lie. */
	readonly organisation: OrganisationId;
	/** Takes one part out of a message; null where there is no such part. @throws PartsBusyError */
	readonly readPart: (message: UnreadMessage, section: string) => Promise<ReadPart | null>;
}

const whole = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const packQuery = v.object({ before: whole, count: v.pipe(whole, v.minValue(1), v.maxValue(500)) });
const sinceQuery = v.object({ since: whole });
const changedQuery = v.object({
	since: whole,
	before: whole,
	count: v.pipe(whole, v.minValue(1), v.maxValue(1000))
});
const arrivalList = v.pipe(
	v.string(),
	v.regex(/^\d{1,15}(?:,\d{1,15}){0,49}$/),
	v.transform((list) => list.split(',').map(Number))
);
const section = v.pipe(v.string(), v.regex(/^\d{1,4}(?:\.\d{1,4}){0,50}$/));

/** What a device reads of its space over HTTP: opening, packs, contents, messages, parts, attachments. */
export function spaceRoutes(ports: SpaceRoutesPorts): Hono<HttpEnvironment> {
	const routes = new Hono<HttpEnvironment>();
	routes.use('/:space/*', async (context: HttpContext, next) => {
		// A space that is somebody else's is answered like one that is not.
		if (context.req.param('space') !== context.get('session').space) {
			return problem(context, 404, 'unknown-space');
		}
		await next();
		// Nobody reads what answers HEAD; what it holds is given back.
		if (context.req.raw.method === 'HEAD') await context.res.body?.cancel();
		return;
	});
	routes.get('/:space/opening', (context) => opening(context, ports));
	routes.get('/:space/packs', (context) => pack(context, ports));
	routes.get('/:space/contents', async (context) => {
		const arrivals = v.safeParse(arrivalList, context.req.query('arrivals'));
		if (!arrivals.success) return problem(context, 400, 'malformed');
		return encoded(context, await ownSpace(context, ports).call('contents', { arrivals: arrivals.output }));
	});
	routes.get('/:space/messages/:arrival/content', (context) => content(context, ports));
	routes.get('/:space/messages/:arrival/raw', (context) => raw(context, ports));
	routes.get('/:space/messages/:arrival/parts/:section', (context) => part(context, ports));
	routes.route('/:space/attachments', attachmentRoutes(ports));
	return routes;
}

function ownSpace(context: HttpContext, { space }: SpaceRoutesPorts): StoreFile<SpaceKind> {
	return space(context.get('session').space);
}

/** A body in the encoding of frames, which are no text and not to be kept by anybody on the way. */
function encoded(context: HttpContext, value: unknown): Response {
	const bytes = new Uint8Array(encodeAny(value));
	return context.body(bytes, 200, {
		'content-type': 'application/octet-stream',
		'cache-control': 'no-store'
	});
}

function arrivalOf(context: HttpContext): number | null {
	const parsed = v.safeParse(whole, context.req.param('arrival'));
	return parsed.success ? parsed.output : null;
}

async function opening(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const file = ownSpace(context, ports);
	if (context.req.query('since') === undefined) return encoded(context, await file.call('opening'));
	const query = v.safeParse(sinceQuery, context.req.query());
	if (!query.success) return problem(context, 400, 'malformed');
	return encoded(context, await file.call('opening-since', query.output));
}

async function pack(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	if (context.req.query('since') !== undefined) return changedPack(context, ports);
	const query = v.safeParse(packQuery, context.req.query());
	if (!query.success) return problem(context, 400, 'malformed');
	const found = await ownSpace(context, ports).call('pack', query.output);
	return found === 'done' ? problem(context, 404, 'unknown-subject') : encoded(context, found);
}

async function changedPack(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const query = v.safeParse(changedQuery, context.req.query());
	if (!query.success) return problem(context, 400, 'malformed');
	const found = await ownSpace(context, ports).call('changed-pack', query.output);
	return found === 'done' ? problem(context, 404, 'unknown-subject') : encoded(context, found);
}

async function content(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const arrival = arrivalOf(context);
	if (arrival === null) return problem(context, 400, 'malformed');
	const [found] = await ownSpace(context, ports).call('contents', { arrivals: [arrival] });
	if (found === undefined) return problem(context, 404, 'unknown-subject');
	return context.json(found.content, 200, { 'cache-control': 'no-store' });
}

async function raw(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const arrival = arrivalOf(context);
	if (arrival === null) return problem(context, 400, 'malformed');
	const lookUp = () => ownSpace(context, ports).call('message', { arrival });
	return answerWith(context, lookUp, async ({ body }) => {
		const stream = await streamOf(body, ports.blobs, ports.organisation);
		const headers = downloadHeaders(`message-${arrival}.eml`, 'application/octet-stream');
		return context.body(stream, 200, { ...headers, 'content-type': 'message/rfc822' });
	});
}

async function part(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const arrival = arrivalOf(context);
	const number = v.safeParse(section, context.req.param('section'));
	if (arrival === null || !number.success) return problem(context, 400, 'malformed');
	const lookUp = () => ownSpace(context, ports).call('part', { arrival, section: number.output });
	return answerWith(context, lookUp, ({ body }) => partOf(context, ports, body, number.output));
}

async function partOf(
	context: HttpContext,
	ports: SpaceRoutesPorts,
	body: BodyReference,
	number: string
): Promise<Response> {
	const size = body.kind === 'inline' ? body.bytes.byteLength : body.size;
	const source = await sourceOf(body, ports.blobs, ports.organisation);
	try {
		const file = await ports.readPart({ size, source }, number);
		if (file === null) return problem(context, 404, 'unknown-subject');
		const headers = downloadHeaders(file.filename, file.type);
		return context.body(file.body, 200, { ...headers, 'content-length': String(file.size) });
	} catch (error) {
		if (!(error instanceof PartsBusyError)) throw error;
		context.header('retry-after', String(error.retryAfter));
		return problem(context, 503, 'rate-limited', { retryAfter: error.retryAfter });
	}
}
