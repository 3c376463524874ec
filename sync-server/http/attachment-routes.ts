import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import * as v from 'valibot';
import { isId, type AttachmentId, type DocumentId } from '#schema/ids.ts';
import { submissionLimits } from '#schema/mail/submission.ts';
import { blobHashOf, inlineLimit } from '../store/blobs/blob-store.ts';
import type { AttachmentBody } from '../store/space/attachments.ts';
import { answerWith, streamOf } from './body.ts';
import { downloadHeaders } from './download.ts';
import type { HttpContext, HttpEnvironment } from './environment.ts';
import { problem } from './problems.ts';
import type { SpaceRoutesPorts } from './space-routes.ts';

const attachmentId = v.pipe(
	v.string(),
	v.check((value) => isId(value)),
	v.transform((value) => value as AttachmentId)
);
const about = v.object({
	document: v.pipe(
		v.string(),
		v.check((value) => isId(value)),
		v.transform((value) => value as DocumentId)
	),
	name: v.pipe(v.string(), v.maxLength(255)),
	type: v.pipe(v.string(), v.toLowerCase(), v.regex(/^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/))
});

/** The files of drafts: put under an id the device chose, so that putting again is no second one. */
export function attachmentRoutes(ports: SpaceRoutesPorts): Hono<HttpEnvironment> {
	const routes = new Hono<HttpEnvironment>();
	routes.put('/:id', (context) => put(context, ports));
	routes.get('/:id', (context) => get(context, ports));
	return routes;
}

async function put(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const id = v.safeParse(attachmentId, context.req.param('id'));
	const query = v.safeParse(about, { type: 'application/octet-stream', ...context.req.query() });
	if (!id.success || !query.success) return problem(context, 400, 'malformed');
	const announced = Number(context.req.header('content-length') ?? 0);
	if (announced > submissionLimits.attachmentBytes) return problem(context, 413, 'too-large');
	const { body, release } = await receive(context.req.raw.body, ports);
	try {
		const { space, device } = context.get('session');
		const attachment = { id: id.output, ...query.output, body, device };
		const answer = await ports.space(space).call('attachment-put', attachment);
		if (answer.kind === 'stored') return context.json({ size: answer.size }, 201);
		const status = answer.code === 'too-large' ? 413 : answer.code === 'quota' ? 507 : 409;
		return problem(context, status, answer.code);
	} finally {
		release();
	}
}

async function get(context: HttpContext, ports: SpaceRoutesPorts): Promise<Response> {
	const id = v.safeParse(attachmentId, context.req.param('id'));
	if (!id.success) return problem(context, 400, 'malformed');
	const { space } = context.get('session');
	const lookUp = () => ports.space(space).call('attachment-get', { id: id.output });
	return answerWith(context, lookUp, async ({ body, name, type }) => {
		const stream = await streamOf(body, ports.blobs, ports.organisation);
		return context.body(stream, 200, downloadHeaders(name, type));
	});
}

interface Received {
	readonly body: AttachmentBody;
	/** To be called once the row is committed, or is not to be. */
	readonly release: () => void;
}

/** Receives a body: little of it in memory, the rest straight into the blob store. Rejects with a BlobError. */
async function receive(
	source: ReadableStream<Uint8Array> | null,
	ports: SpaceRoutesPorts
): Promise<Received> {
	const chunks = (source ?? ReadableStream.from<Uint8Array>([])).values();
	const start: Uint8Array[] = [];
	let size = 0;
	while (size <= inlineLimit) {
		const next = await chunks.next();
		if (next.done === true) return inline(Buffer.concat(start));
		start.push(next.value);
		size += next.value.byteLength;
	}
	const limit = submissionLimits.attachmentBytes;
	const stored = await ports.blobs.put(ports.organisation, following(start, chunks), limit);
	return {
		body: { kind: 'blob', hash: stored.hash, size: stored.size },
		release: () => stored.reservation.release()
	};
}

function inline(bytes: Buffer): Received {
	const hash = blobHashOf(createHash('sha256').update(bytes).digest());
	return { body: { kind: 'inline', hash, bytes }, release: () => undefined };
}

async function* following(
	start: readonly Uint8Array[],
	rest: AsyncIterable<Uint8Array>
): AsyncIterable<Uint8Array> {
	yield* start;
	yield* rest;
}
