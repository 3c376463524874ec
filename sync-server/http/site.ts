import { plainAddress } from '../accounts/network.ts';
import type { HttpContext } from './environment.ts';

/** Where the app is reached, and through whom. */
export interface SiteOptions {
	/** The address people open; null: whatever host they asked for. */
	readonly publicUrl: URL | null;
	/** Whether this process speaks TLS itself. */
	readonly tls: boolean;
	/** Addresses of reverse proxies whose X-Forwarded-For is believed. */
	readonly trustedProxies: readonly string[];
}

const hostPattern = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/;

/** What the server knows about its own address. */
export class Site {
	readonly #options: SiteOptions;

	constructor(options: SiteOptions) {
		this.#options = options;
	}

	/** Whether people reach it by https, here or at a proxy in front. */
	get isSecure(): boolean {
		return this.#options.tls || this.#options.publicUrl?.protocol === 'https:';
	}

	/** The host of a request as the browser sees it; null where it is no host. */
	hostOf(context: HttpContext): string | null {
		if (this.#options.publicUrl !== null) return this.#options.publicUrl.host;
		const host = context.req.header('host')?.toLowerCase() ?? '';
		return hostPattern.test(host) ? host : null;
	}

	/** The address of the client: the other end, or what a trusted proxy says it is. */
	peerOf(context: HttpContext): string {
		const remote = plainAddress(context.env.incoming.socket.remoteAddress ?? '');
		if (!this.#options.trustedProxies.includes(remote)) return remote;
		const forwarded = context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
		return plainAddress(forwarded ?? remote);
	}

	/**
	 * Whether a request comes from this site's own pages, as the browser testifies with `Origin` and
	 * `Sec-Fetch-Site` (Fetch Metadata). Browsers name the origin on every request that changes something and on
	 * every WebSocket; what names neither is a program that holds its cookie itself and can't be misled.
	 */
	isOwn(context: HttpContext): boolean {
		const fetchSite = context.req.header('sec-fetch-site');
		if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
		const origin = context.req.header('origin');
		if (origin === undefined) return true;
		const host = this.hostOf(context);
		return host !== null && origin === `${this.isSecure ? 'https' : 'http'}://${host}`;
	}
}
