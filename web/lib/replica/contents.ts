import type { Content } from '#schema/mail/summary.ts';

/** Why something could not be fetched. `gone`: the server has it no more. */
export type FetchFailure = 'offline' | 'signed-out' | 'gone' | 'refused';

export type ContentResult =
	| { readonly kind: 'here'; readonly content: Content }
	/** Not on this device, and there is no connection to fetch it. */
	| { readonly kind: 'not-here' }
	| { readonly kind: 'failed'; readonly code: FetchFailure };

export type PartResult =
	| { readonly kind: 'here'; readonly blob: Blob }
	| { readonly kind: 'not-here' }
	| { readonly kind: 'failed'; readonly code: FetchFailure };

/** Bodies and parts of messages: from this device where they are held, else from the server. */
export interface Contents {
	/** The content of a message; what was fetched once is kept for reading offline. */
	content(arrival: number): Promise<ContentResult>;
	/** The bytes of one part (IMAP section number); kept once fetched, up to a bound. */
	part(arrival: number, section: string): Promise<PartResult>;
	/** Address of the message's raw bytes, for download; works online only. */
	rawUrl(arrival: number): string;
	/** Address of one part, for download; works online only. */
	partUrl(arrival: number, section: string): string;
}
