import { t } from '#lib/i18n/messages.svelte.ts';
import type { RefusedChange } from '#lib/replica/connectivity.ts';

/** What a change that the server did not take was about, in plain words. */
export function refusedChange({ about }: RefusedChange): string {
	switch (about.kind) {
		case 'messages':
			return t(about.field === 'mailbox' ? 'refused.move' : 'refused.mark', { count: about.count });
		case 'text':
			return t('refused.draft');
		case 'subject':
			return t(about.subject.startsWith('draft:') ? 'refused.draft' : 'refused.setting');
	}
}
