import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import type { HttpEnvironment } from './environment.ts';
import type { Site } from './site.ts';

const scriptSourcesFile = v.object({
	scriptSources: v.array(v.pipe(v.string(), v.regex(/^'sha256-[A-Za-z0-9+/=]{44}'$/)))
});

/**
 * The hashes of the page's own inline script, which the build wrote into `csp.json`; none without a build. The app may
 * be built while it is served: each answer reads them again where the file is another one.
 */
export function scriptSourcesOf(build: string): () => readonly string[] {
	const file = path.join(build, 'csp.json');
	let read = { changedAt: Number.NaN, sources: [] as readonly string[] };
	return () => {
		const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
		if (changedAt === undefined) return read.sources;
		if (changedAt !== read.changedAt) read = { changedAt, sources: readScriptSources(file, read.sources) };
		return read.sources;
	};
}

/** Those in the file; `otherwise` where it is only half written, or gone already. */
function readScriptSources(file: string, otherwise: readonly string[]): readonly string[] {
	try {
		return v.parse(scriptSourcesFile, JSON.parse(readFileSync(file, 'utf8'))).scriptSources;
	} catch (error) {
		const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
		if (isMissing || error instanceof SyntaxError) return otherwise;
		throw error;
	}
}

/**
 * The content security policy of the app (CSP Level 3). Scripts come from the server alone, but for the page's
 * start script, named by its hash. Styles may be inline: mail is shown in script-less frames made with `srcdoc`,
 * which inherit this policy, and mail is styled inline; the frame's own policy narrows what is left. Nothing is
 * fetched from elsewhere, so remote pictures of mail stay off.
 */
function contentSecurityPolicy(scriptSources: readonly string[], host: string | null): string {
	// Older browsers do not count WebSockets of the same host as 'self'.
	const sockets = host === null ? [] : [`ws://${host}`, `wss://${host}`];
	const directives: readonly (readonly string[])[] = [
		['default-src', "'none'"],
		['script-src', "'self'", ...scriptSources],
		['style-src', "'self'", "'unsafe-inline'"],
		['img-src', "'self'", 'data:', 'blob:'],
		['font-src', "'self'"],
		['media-src', "'self'", 'blob:'],
		['connect-src', "'self'", ...sockets],
		['worker-src', "'self'"],
		['manifest-src', "'self'"],
		['frame-src', "'self'"],
		['object-src', "'none'"],
		['base-uri', "'none'"],
		['form-action', "'none'"],
		['frame-ancestors', "'none'"]
	];
	return directives.map((words) => words.join(' ')).join('; ');
}

/** Scripts, styles and fonts of the app: never a page themselves, and run under the policy of the page that asks for them. */
const partsOfPages = /^\/_app\/immutable\/(?!workers\/)/;

/**
 * Puts the security headers on every answer; one that has a policy of its own keeps it, and parts of pages get
 * what concerns them.
 */
export function securityHeaders(
	site: Site,
	scriptSources: () => readonly string[]
): MiddlewareHandler<HttpEnvironment> {
	const ofAll: Readonly<Record<string, string>> = {
		'x-content-type-options': 'nosniff',
		'cross-origin-resource-policy': 'same-origin',
		...(site.isSecure ? { 'strict-transport-security': 'max-age=31536000' } : {})
	};
	const ofPages: Readonly<Record<string, string>> = {
		'x-frame-options': 'DENY',
		'referrer-policy': 'no-referrer',
		'cross-origin-opener-policy': 'same-origin',
		'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'
	};
	return async (context, next) => {
		await next();
		for (const [name, value] of Object.entries(ofAll)) context.header(name, value);
		if (context.res.ok && partsOfPages.test(context.req.path)) return;
		for (const [name, value] of Object.entries(ofPages)) context.header(name, value);
		if (context.res.headers.has('content-security-policy')) return;
		context.header('content-security-policy', contentSecurityPolicy(scriptSources(), site.hostOf(context)));
	};
}
