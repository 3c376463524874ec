/** Bounds of one letter, the same on device and server. Apart from its checks, which load a library. */
export const submissionLimits = {
	recipients: 500,
	subject: 998,
	html: 2_000_000,
	attachments: 200,
	/** Bytes of all attachments together, before transfer encoding. */
	attachmentBytes: 35_000_000
} as const;
