import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { HTTPException } from 'hono/http-exception';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import { BlobError } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';
import { hasCode } from '../store/system-error.ts';
import type { HttpContext } from './environment.ts';

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503 | 507;

/** An error as the client gets it: a code and no prose. */
export function problem(
	context: HttpContext,
	status: ProblemStatus,
	code: RefusalCode,
	more: Readonly<Record<string, number | string>> = {}
): Response {
	return context.json({ code, ...more }, status, { 'cache-control': 'no-store' });
}

/** What an error thrown by a handler is to the client; what is not foreseen is logged and says nothing. */
export function problemOf(error: unknown, context: HttpContext, failed: (error: unknown) => void): Response {
	if (error instanceof StoreError) {
		switch (error.kind) {
			case 'full':
				return problem(context, 507, 'storage-full');
			case 'missing':
				return problem(context, 404, 'unknown-subject');
			case 'refused':
				return problem(context, 403, 'not-permitted');
			case 'conflict':
				return problem(context, 409, 'not-permitted');
			case 'broken':
				break;
		}
	}
	if (error instanceof BlobError) {
		return error.kind === 'full' ? problem(context, 507, 'storage-full') : problem(context, 413, 'too-large');
	}
	const isCutOff = isHangUp(error, context.env.incoming);
	if (isCutOff || (error instanceof HTTPException && error.status < 500)) {
		return problem(context, 400, 'malformed');
	}
	failed(error);
	return problem(context, 500, 'internal');
}

/** Whether an error is that the client went away in the middle of its request, which is no fault of ours. */
function isHangUp(error: unknown, { complete, destroyed }: IncomingMessage | Http2ServerRequest): boolean {
	return destroyed && !complete && hasCode(error, 'ECONNRESET');
}
