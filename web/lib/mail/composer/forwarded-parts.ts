import type { DocumentId } from '#schema/ids.ts';
import type { Part } from '#schema/mail/summary.ts';

/** The attachments of a forwarded letter that its draft takes over when it is first opened. */
export interface ForwardedParts {
	readonly arrival: number;
	readonly parts: readonly Part[];
}

const waiting = new Map<DocumentId, ForwardedParts>();

/** Leaves attachments for a draft. */
export function leaveParts(draft: DocumentId, parts: ForwardedParts): void {
	if (parts.parts.length > 0) waiting.set(draft, parts);
}

/** Takes what was left for a draft, once. */
export function takeParts(draft: DocumentId): ForwardedParts | null {
	const parts = waiting.get(draft) ?? null;
	waiting.delete(draft);
	return parts;
}
