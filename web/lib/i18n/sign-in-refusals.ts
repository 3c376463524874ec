import { t } from './messages.svelte.ts';

/** Why a sign-in did not happen, as the session reports it. */
interface Refusal {
	readonly code: 'wrong-password' | 'offline' | 'internal' | 'rate-limited';
	/** Seconds until another attempt makes sense. */
	readonly retryAfter?: number;
}

/** Why a sign-in did not happen, in words; never which of address and password was wrong. */
export function signInRefusal({ code, retryAfter = 60 }: Refusal): string {
	if (code !== 'rate-limited') return t(`signIn.refused.${code}`);
	if (retryAfter < 90) return t('signIn.refused.waitSeconds', { seconds: Math.ceil(retryAfter) });
	return t('signIn.refused.waitMinutes', { minutes: Math.ceil(retryAfter / 60) });
}
