import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, setCookie } from 'hono/cookie';
import * as v from 'valibot';
import type { PrincipalId, SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Directory } from '../accounts/directory.ts';
import { cookieLifetime } from '../accounts/sessions.ts';
import type { HttpContext, HttpEnvironment } from './environment.ts';
import { cookieName, signedIn } from './guards.ts';
import { problem } from './problems.ts';
import type { Site } from './site.ts';

/** What a client learns of who it is. */
export interface SignedIn {
	readonly profile: Profile;
	readonly account: PrincipalId;
	readonly space: SpaceId;
}

/** What signing in needs. */
export interface SessionRoutesPorts {
	readonly directory: Pick<Directory, 'verifyPassword' | 'profileOf' | 'sessions'>;
	readonly site: Site;
	/** What came of an attempt, for the metrics. */
	readonly attempted: (result: 'verified' | 'wrong' | 'limited') => void;
}

const signInBody = v.object({
	address: v.pipe(v.string(), v.maxLength(1_000)),
	password: v.pipe(v.string(), v.maxLength(10_000)),
	publicComputer: v.boolean()
});

const smallBody = bodyLimit({
	maxSize: 64 << 10,
	onError: (context) => context.json({ code: 'too-large' }, 413)
});

/** Sign-in, who is signed in, sign-out. */
export function sessionRoutes(ports: SessionRoutesPorts): Hono<HttpEnvironment> {
	const { directory, site } = ports;
	const describe = async (account: PrincipalId, space: SpaceId): Promise<SignedIn> => ({
		profile: await directory.profileOf(account),
		account,
		space
	});
	const routes = new Hono<HttpEnvironment>();
	routes.post('/', smallBody, (context) => signIn(context, ports, describe));
	routes.get('/', signedIn(site, directory.sessions), async (context) => {
		const { principal, space } = context.get('session');
		return context.json(await describe(principal, space));
	});
	routes.delete('/', signedIn(site, directory.sessions), async (context) => {
		await directory.sessions.end(context.get('session').id);
		deleteCookie(context, cookieName(site), { path: '/', secure: site.isSecure });
		return context.body(null, 204);
	});
	return routes;
}

async function signIn(
	context: HttpContext,
	{ directory, site, attempted }: SessionRoutesPorts,
	describe: (account: PrincipalId, space: SpaceId) => Promise<SignedIn>
): Promise<Response> {
	const type = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
	if (type !== 'application/json') return problem(context, 415, 'malformed');
	const parsed = v.safeParse(signInBody, await readJson(context));
	if (!parsed.success) return problem(context, 400, 'malformed');
	const { address, password, publicComputer } = parsed.output;
	const peer = site.peerOf(context);
	const verification = await directory.verifyPassword({ address, password, peer, protocol: 'web' });
	attempted(verification.kind);
	switch (verification.kind) {
		case 'wrong':
			return problem(context, 401, 'not-signed-in');
		case 'limited':
			context.header('retry-after', String(verification.retryAfter));
			return problem(context, 429, 'rate-limited', { retryAfter: verification.retryAfter });
		case 'verified': {
			const { principal, space } = verification;
			const token = await directory.sessions.open({ principal, publicComputer, peer });
			const maxAge = cookieLifetime(publicComputer);
			setCookie(context, cookieName(site), token, {
				path: '/',
				httpOnly: true,
				sameSite: 'Strict',
				secure: site.isSecure,
				...(maxAge === null ? {} : { maxAge })
			});
			return context.json(await describe(principal, space));
		}
	}
}

/** The JSON of a body; undefined, which fits no schema, where it is none. */
async function readJson(context: HttpContext): Promise<unknown> {
	try {
		return await context.req.json();
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
