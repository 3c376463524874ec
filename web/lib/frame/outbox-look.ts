import { canonicalAddress } from '#schema/mail/address.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import type { MessageKey } from '#lib/i18n/catalogue.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { OutboxItem } from '#lib/replica/outbox.ts';
import { Check, CheckCheck, CircleDashed, CircleX, Clock, Undo2, type IconComponent } from '#lib/ui/icons.ts';

type PlainWords = Extract<
	MessageKey,
	| 'outbox.waiting'
	| 'outbox.sending'
	| 'outbox.accepted'
	| 'outbox.delivered'
	| 'outbox.partly'
	| 'outbox.failed'
	| 'outbox.unknown'
	| 'outbox.cancelling'
	| 'outbox.cancelled'
>;

/** The glyph of how far something is (design §6), its tone and its words. */
export interface OutboxLook {
	readonly icon: typeof IconComponent;
	readonly tone: 'calm' | 'good' | 'bad';
	readonly words: PlainWords;
}

/** Facts come one by one: who is not heard of yet has not got the letter. */
function releasedLook(deliveries: readonly DeliveryFact[], about: OutboxItem['about']): OutboxLook {
	const has = (state: DeliveryFact['state']) => deliveries.some((delivery) => delivery.state === state);
	if (has('failed')) return { icon: CircleX, tone: 'bad', words: 'outbox.failed' };
	if (has('unknown')) return { icon: CircleX, tone: 'bad', words: 'outbox.unknown' };
	const arrived = deliveries.filter(({ state }) => state === 'delivered').length;
	const recipients = about.kind === 'letter' ? about.recipients : [];
	const wanted = new Set(
		[...deliveries.map(({ recipient }) => recipient), ...recipients.map(({ address }) => address)].map(
			canonicalAddress
		)
	);
	if (arrived === 0) return { icon: Check, tone: 'calm', words: 'outbox.accepted' };
	if (arrived === wanted.size) return { icon: CheckCheck, tone: 'good', words: 'outbox.delivered' };
	return { icon: CheckCheck, tone: 'calm', words: 'outbox.partly' };
}

/** How an item of the outbox looks; honest: never further than is known. */
export function outboxLook({ state, about }: OutboxItem): OutboxLook {
	switch (state.kind) {
		case 'waiting':
		case 'uploading':
			return { icon: CircleDashed, tone: 'calm', words: 'outbox.waiting' };
		case 'sending':
			return { icon: CircleDashed, tone: 'calm', words: 'outbox.sending' };
		case 'held':
			return { icon: Clock, tone: 'calm', words: 'outbox.accepted' };
		case 'released':
			return releasedLook(state.deliveries, about);
		case 'cancelling':
			return { icon: Undo2, tone: 'calm', words: 'outbox.cancelling' };
		case 'cancelled':
			return { icon: Undo2, tone: 'calm', words: 'outbox.cancelled' };
		case 'refused':
			return { icon: CircleX, tone: 'bad', words: 'outbox.failed' };
	}
}

/** One recipient's state in words, with what the other server said. */
export function deliveryLine({ recipient, state, detail }: DeliveryFact): string {
	const words = t(`delivery.${state}`, { recipient });
	return detail === '' ? words : t('delivery.detail', { words, detail });
}
