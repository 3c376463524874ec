import type { RefusalCode } from '#schema/protocol/codes.ts';
import { t } from './messages.svelte.ts';

/** What a refusal of the server means, in words: what happened, what is safe, what to do. */
export function refusalText(code: RefusalCode): string {
	return t(`refused.${code}`);
}
