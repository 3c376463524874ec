import { getCookie } from 'hono/cookie';
import type { MiddlewareHandler } from 'hono';
import { networkOf } from '../accounts/network.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { TokenBuckets } from '../accounts/token-bucket.ts';
import type { HttpContext, HttpEnvironment } from './environment.ts';
import { problem } from './problems.ts';
import type { Site } from './site.ts';

type Guard = MiddlewareHandler<HttpEnvironment>;

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Name of the session cookie. The prefix makes browsers insist on Secure, the host and the path (RFC 6265bis). */
export function cookieName(site: Site): string {
	return site.isSecure ? '__Host-hongyan' : 'hongyan';
}

/** Refuses what changes something unless it comes from the site's own pages and is no form's content type. */
export function onlyOwn(site: Site): Guard {
	return async (context, next) => {
		if (!changing.has(context.req.method)) return next();
		if (!site.isOwn(context)) return problem(context, 403, 'not-permitted');
		// A page elsewhere can send these three without being asked for permission (Fetch, simple requests).
		const type = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
		const isForm =
			type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data' || type === 'text/plain';
		if (isForm) return problem(context, 415, 'malformed');
		return next();
	};
}

/** Refuses what is not signed in; behind it the session is known. */
export function signedIn(site: Site, sessions: Pick<Sessions, 'find'>): Guard {
	return async (context, next) => {
		const token = getCookie(context, cookieName(site));
		const session = token === undefined ? null : await sessions.find(token);
		if (session === null) return problem(context, 401, 'not-signed-in');
		context.set('session', session);
		return next();
	};
}

/** Limits requests: of a sign-in behind `signedIn`, of a network before it. */
export function limited(
	site: Site,
	clock: () => number
): { readonly bySession: Guard; readonly byNetwork: Guard } {
	const bySession = new TokenBuckets({ capacity: 400, interval: 10 });
	const byNetwork = new TokenBuckets({ capacity: 2_000, interval: 2 });
	const guard =
		(buckets: TokenBuckets, key: (context: HttpContext) => string): Guard =>
		async (context, next) => {
			const wait = buckets.take(key(context), clock());
			if (wait === null) return next();
			const retryAfter = Math.ceil(wait.wait / 1000);
			context.header('retry-after', String(retryAfter));
			return problem(context, 429, 'rate-limited', { retryAfter });
		};
	return {
		bySession: guard(bySession, (context) => context.get('session').id),
		byNetwork: guard(byNetwork, (context) => networkOf(site.peerOf(context)))
	};
}
