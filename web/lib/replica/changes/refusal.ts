import { countOfRanges } from '#schema/docs/ranges.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { RegisterTarget } from '#schema/space/entry.ts';
import type { RefusedChange } from '../connectivity.ts';
import { readMeta } from '../storage/meta.ts';
import type { Writing } from '../storage/storage.ts';

/** Refusals kept for the screen; the oldest go first. */
const rememberedRefusals = 100;

/** What a refusal says of a change: a pending one, or one as it was pushed. */
type Named =
	| { readonly kind: 'text'; readonly key: number; readonly document: string }
	| {
			readonly kind: 'registers';
			readonly key: number;
			readonly target: RegisterTarget;
			readonly field: string;
	  };

function aboutOf(change: Named): RefusedChange['about'] {
	if (change.kind === 'text') return { kind: 'text', document: change.document };
	const { target, field } = change;
	return target.kind === 'messages'
		? { kind: 'messages', count: countOfRanges(target.arrivals), field }
		: { kind: 'subject', subject: target.subject, field };
}

/** Keeps for the screen that changes were not taken, and why; `at` in milliseconds UTC, as this device has it. */
export async function keepRefusals(
	transaction: Writing<'meta'>,
	changes: readonly Named[],
	code: RefusalCode,
	at: number
): Promise<void> {
	if (changes.length === 0) return;
	const earlier = (await readMeta(transaction, 'refusals')) ?? [];
	const added = changes.map((change) => ({ key: change.key, code, at, about: aboutOf(change) }));
	transaction.put('meta', 'refusals', [...earlier, ...added].slice(-rememberedRefusals));
}
