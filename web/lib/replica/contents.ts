import type { Content } from '#schema/mail/summary.ts';

/**
 * Why something could not be fetched. `gone`: the server has it no more. `cancelled`: who asked for it does not
 * want it any more.
 */
export type FetchFailure = 'offline' | 'signed-out' | 'gone' | 'refused' | 'cancelled';

/** How somebody follows what they asked for, and gives it up. */
export interface FetchWatch {
	readonly signal?: AbortSignal | undefined;
	/** Told how many bytes have come. */
	readonly progress?: ((received: number) => void) | undefined;
}

/** A text that is on this device. */
export interface ContentHere {
	readonly kind: 'here';
	readonly content: Content;
}

export type ContentResult =
	| ContentHere
	/** Not on this device, and there is no connection to fetch it. */
	| { readonly kind: 'not-here' }
	| { readonly kind: 'failed'; readonly code: FetchFailure };

/** Bytes that are on this device. */
export interface PartHere {
	readonly kind: 'here';
	readonly blob: Blob;
}

export type PartResult =
	PartHere | { readonly kind: 'not-here' } | { readonly kind: 'failed'; readonly code: FetchFailure };

/** Bodies and parts of messages: from this device where they are held, else from the server. */
export interface Contents {
	/** The content of a message; what was fetched once is kept for reading offline. */
	content(arrival: number, watch?: FetchWatch): Promise<ContentResult>;
	/** The bytes of one part (IMAP section number); kept once fetched, up to a bound. */
	part(arrival: number, section: string, watch?: FetchWatch): Promise<PartResult>;
	/** The bytes of the whole message as it came; not kept. */
	raw(arrival: number, watch?: FetchWatch): Promise<PartResult>;
	/** Address of the message's raw bytes, for download; works online only. */
	rawUrl(arrival: number): string;
	/** Address of one part, for download; works online only. */
	partUrl(arrival: number, section: string): string;
}
