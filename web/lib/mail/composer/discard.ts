import type { DocumentId } from '#schema/ids.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { Drafts } from '#lib/replica/drafts.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';

/** Discards a draft at once; the toast brings it back. */
export async function discardDraft(
	drafts: Drafts,
	id: DocumentId,
	toasts: Toasts,
	onRestored: () => void = () => undefined
): Promise<void> {
	await drafts.discard(id);
	toasts.show(t('draft.discarded'), {
		action: {
			label: t('undo.label'),
			run: async () => {
				await drafts.restore(id);
				onRestored();
			}
		}
	});
}
