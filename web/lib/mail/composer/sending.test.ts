import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { speak, t } from '#lib/i18n/messages.svelte.ts';
import type { MailProjection } from '#lib/projection/mail-projection.ts';
import type { Connectivity } from '#lib/replica/connectivity.ts';
import type { Outbox } from '#lib/replica/outbox.ts';
import { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { SubmissionId } from '#schema/ids.ts';
import type { Session } from '#lib/session/session.ts';
import { tellSent } from './sending.ts';

const still = { now: () => 0, start: () => 0, stop: () => undefined };
const toasts = new Toasts(still);

beforeAll(async () => {
	vi.stubGlobal('document', { documentElement: { lang: '' } });
	await speak('en');
});

afterEach(() => {
	for (const { id } of toasts.shown) toasts.dismiss(id);
});

/** What is said of a letter that was sent while something else is the most pressing. */
function told(kind: ReturnType<Connectivity['server']>['kind']): string | undefined {
	const connectivity: Pick<Connectivity, 'state' | 'server'> = {
		state: () => ({ kind: 'attention', count: 1 }),
		server: () => ({ kind, lastSync: null })
	};
	const session = { outbox: {} as Outbox, connectivity } as Session<MailProjection>;
	tellSent(session, 'submission' as SubmissionId, toasts, () => undefined);
	return toasts.shown.at(-1)?.text;
}

describe('what is said of a letter that was sent', () => {
	it('[X-sync-a] is that it is on this device only where the server is not there, whatever else is the matter', () => {
		expect(told('online')).toBe(t('send.onItsWay'));
		expect(told('offline')).toBe(t('send.waiting'));
		expect(told('signed-out')).toBe(t('send.waiting'));
		expect(told('outdated')).toBe(t('send.waiting'));
	});
});
