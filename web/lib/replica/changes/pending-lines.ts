import { countOfRanges } from '#schema/docs/ranges.ts';
import type { DocumentId } from '#schema/ids.ts';
import { draftOf } from '../drafts/draft-registers.ts';
import type { PendingChange } from './pending-change.ts';

/** What waits to be confirmed, one line for each thing a person did. */
export type PendingLine =
	| { readonly kind: 'move'; readonly key: string; readonly mailbox: string; readonly count: number }
	| {
			readonly kind: 'mark';
			readonly key: string;
			readonly field: string;
			readonly value: boolean;
			readonly count: number;
	  }
	| { readonly kind: 'draft'; readonly key: string; readonly document: DocumentId }
	| { readonly kind: 'setting'; readonly key: string };

function lineOf(change: PendingChange): PendingLine {
	if (change.kind === 'text')
		return { kind: 'draft', key: `draft:${change.document}`, document: change.document };
	const { target, field, value } = change;
	if (target.kind === 'subject') {
		const document = draftOf(target.subject);
		if (document === undefined) return { kind: 'setting', key: target.subject };
		return { kind: 'draft', key: target.subject, document };
	}
	const count = countOfRanges(target.arrivals);
	if (field === 'mailbox')
		return { kind: 'move', key: `move:${String(value)}`, mailbox: String(value), count };
	return { kind: 'mark', key: `mark:${field}:${String(value)}`, field, value: value === true, count };
}

/** Gathers changes into lines: moves by where they lead, marks by what they set, drafts one by one. */
export function pendingLines(changes: Iterable<PendingChange>): PendingLine[] {
	const lines = new Map<string, PendingLine>();
	for (const change of changes) {
		const line = lineOf(change);
		const known = lines.get(line.key);
		const grows = known !== undefined && 'count' in known && 'count' in line;
		lines.set(line.key, grows ? { ...line, count: known.count + line.count } : line);
	}
	return [...lines.values()];
}
