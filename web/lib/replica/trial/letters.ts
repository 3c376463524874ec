import type { Register, RegisterValue, Stamp } from '#schema/docs/registers.ts';
import { rangesOf } from '#schema/docs/ranges.ts';
import type { DeviceId, MessageId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { Change, Entry, Opening, RegisterChange } from '#schema/space/entry.ts';

export const generation = 'generation-1';
export const trialTime = Date.UTC(2026, 10, 23, 9);

/** The fact of a message, as plain as can be but for what is said. */
export function message(arrival: number, over: Partial<MessageFact> = {}): MessageFact {
	return {
		id: `message-${arrival}` as MessageId,
		arrival,
		receivedAt: trialTime + arrival * 1000,
		mailbox: systemMailbox('inbox'),
		keywords: [],
		thread: arrival,
		summary: {
			messageId: `${arrival}@outside.example`,
			from: [{ name: 'Wang', address: 'wang@outside.example' }],
			to: [],
			cc: [],
			replyTo: [],
			subject: `Letter ${arrival}`,
			snippet: '',
			sentAt: null,
			size: 10,
			attachments: 0
		},
		...over
	};
}

export function arrived(arrival: number, over: Partial<MessageFact> = {}): Change {
	return { kind: 'arrived', message: message(arrival, over) };
}

export function stamp(time: number, counter = 0, device = 'other'): Stamp {
	return { time, counter, device: device as DeviceId };
}

export function register(value: RegisterValue, time: number): Register {
	return { value, stamp: stamp(time) };
}

/** A write of one field of these messages, by another device. */
export function marking(
	arrivals: readonly number[],
	field: string,
	value: RegisterValue,
	at: Stamp
): RegisterChange {
	return {
		kind: 'registers',
		target: { kind: 'messages', arrivals: rangesOf(arrivals) },
		field,
		value,
		stamp: at
	};
}

export function entry(seq: number, ...changes: readonly Change[]): Entry {
	return { seq, at: trialTime + seq, device: null, origin: 'peer', changes };
}

/** Entries from `first` on, as the server sends them. */
export function stretch(first: number, ...changes: readonly Change[]) {
	const entries = changes.map((change, index) => entry(first + index, change));
	return { generation, entries, seq: first + changes.length - 1 };
}

export function opening(over: Partial<Opening> = {}): Opening {
	return {
		cursor: { generation, seq: 0 },
		arrivals: 0,
		counters: {},
		registers: [],
		documents: [],
		submissions: [],
		deliveries: [],
		...over
	};
}
