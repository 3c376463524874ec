import { createSubscriber } from 'svelte/reactivity';
import type { DocumentId, SubmissionId } from '#schema/ids.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { Outbox } from '#lib/replica/outbox.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';

/**
 * Calls a letter back, says what came of it, and opens its draft again where it is back. Where the server is not reached and
 * has to be asked, it says that.
 */
export async function callBack(
	outbox: Outbox,
	submission: SubmissionId,
	toasts: Toasts,
	reopen: () => void,
	isReached = true
): Promise<void> {
	const outcome = await outbox.cancel(submission);
	switch (outcome) {
		case 'cancelled':
			toasts.show(t('send.calledBack'));
			reopen();
			return;
		case 'too-late':
			toasts.show(t('send.tooLate'), { tone: 'error' });
			return;
		case 'asked':
			if (!isReached) toasts.show(t('outbox.cancelling'));
			followCancel(outbox, submission, toasts, reopen);
	}
}

/** Waits for the server's answer to a cancellation; it may come much later, when there is a network again. */
function followCancel(outbox: Outbox, submission: SubmissionId, toasts: Toasts, reopen: () => void): void {
	const stop = outbox.subscribe(() => {
		const item = outbox
			.items()
			.find(({ about }) => about.kind === 'letter' && about.submission === submission);
		if (item === undefined || item.state.kind === 'cancelling' || item.state.kind === 'held') return;
		stop();
		if (item.state.kind === 'cancelled') {
			toasts.show(t('send.calledBack'));
			reopen();
		} else if (item.state.kind === 'released') {
			toasts.show(t('send.tooLate'), { tone: 'error' });
		}
	});
}

/** The submission of a draft that is on its way, reactive; null where it is not. */
export class SendingOf {
	readonly #outbox: Outbox;
	readonly #document: DocumentId;
	readonly #follow: () => void;

	constructor(outbox: Outbox, document: DocumentId) {
		this.#outbox = outbox;
		this.#document = document;
		this.#follow = createSubscriber((update) => outbox.subscribe(update));
	}

	get submission(): SubmissionId | null {
		this.#follow();
		for (const { about, state } of this.#outbox.items()) {
			if (about.kind !== 'letter' || about.document !== this.#document) continue;
			if (state.kind !== 'cancelled' && state.kind !== 'refused') return about.submission;
		}
		return null;
	}
}
