import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import { hasCode } from '../store/system-error.ts';
import type { HttpEnvironment } from './environment.ts';
import type { Site } from './site.ts';

const scriptSourcesFile = v.object({
	scriptSources: v.array(v.pipe(v.string(), v.regex(/^'sha256-[A-Za-z0-9+/=]{44}'$/)))
});

/** The build's `csp.json` is not what a build writes; the message names the file and says what to do. */
export class SpoiledBuildError extends Error {
	constructor(file: string, cause: unknown) {
		super(`${file} is not what a build writes: run \`npm run build\` again`, { cause });
		this.name = 'SpoiledBuildError';
	}
}

/** The hashes of the page's own inline script, as CSP sources, that hold at the moment. */
export type ScriptSources = () => readonly string[];

/**
 * The hashes of the page's own inline script, which the build wrote into `csp.json`; none without a build. The app may
 * be built while it is served: each answer reads them again where the file is another one. Where that one is spoiled, or
 * only half written, the last good ones hold on; `spoiled` is told once, until there is a good one again.
 *
 * @throws SpoiledBuildError where the first one is spoiled
 */
export function scriptSourcesOf(build: string, spoiled: (error: SpoiledBuildError) => void): ScriptSources {
	const file = path.join(build, 'csp.json');
	let read = readAgain(file, { changedAt: Number.NaN, sources: [] });
	let isTold = false;
	return () => {
		try {
			read = readAgain(file, read);
			isTold = false;
		} catch (error) {
			if (!(error instanceof SpoiledBuildError)) throw error;
			if (!isTold) spoiled(error);
			isTold = true;
		}
		return read.sources;
	};
}

interface ReadSources {
	readonly changedAt: number;
	readonly sources: readonly string[];
}

/** What is in the file now; what was, where it is the same file or there is none. @throws SpoiledBuildError */
function readAgain(file: string, last: ReadSources): ReadSources {
	try {
		const changedAt = statSync(file).mtimeMs;
		if (changedAt === last.changedAt) return last;
		const { scriptSources } = v.parse(scriptSourcesFile, JSON.parse(readFileSync(file, 'utf8')));
		return { changedAt, sources: scriptSources };
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return last;
		throw new SpoiledBuildError(file, error);
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
	scriptSources: ScriptSources
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
