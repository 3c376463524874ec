/** Milliseconds until the server is asked again for what came to nothing. */
export const retryPauses = {
	/** The log, changes and commands. */
	exchange: 5_000,
	/** Bytes that are brought or fetched beside them: attachments, older messages. */
	transfer: 10_000
} as const;
