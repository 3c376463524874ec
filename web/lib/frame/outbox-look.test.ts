import { describe, expect, it } from 'vitest';
import type { SubmissionId } from '#schema/ids.ts';
import type { DeliveryFact, DeliveryState } from '#schema/mail/message.ts';
import type { OutboxItem, OutboxState } from '#lib/replica/outbox.ts';
import { outboxLook } from './outbox-look.ts';

const submission = 'd-1' as SubmissionId;
const item = (state: OutboxState): OutboxItem => ({
	id: 'x',
	about: { kind: 'letter', submission, document: null, subject: '', recipients: [] },
	at: 0,
	state
});
const released = (...states: DeliveryState[]): OutboxItem =>
	item({
		kind: 'released',
		deliveries: states.map((state, place): DeliveryFact => ({
			submission,
			recipient: `r${place}@example.com`,
			state,
			status: null,
			detail: '',
			at: 0
		}))
	});
const words = (outboxItem: OutboxItem) => outboxLook(outboxItem).words;

describe('[X-sync-a] how far a letter is', () => {
	it('is never said to be further than is known', () => {
		expect(words(item({ kind: 'waiting' }))).toBe('outbox.waiting');
		expect(words(item({ kind: 'sending' }))).toBe('outbox.sending');
		expect(words(released())).toBe('outbox.accepted');
		expect(words(released('queued', 'deferred'))).toBe('outbox.accepted');
		expect(words(released('delivered', 'deferred'))).toBe('outbox.partly');
		expect(words(released('delivered', 'delivered'))).toBe('outbox.delivered');
	});

	it('waits for those of whom nothing is known yet', () => {
		const letter = released('delivered');
		const recipients = ['r0@example.com', 'R1@example.com'].map((address) => ({ name: '', address }));
		const about = { kind: 'letter', submission, document: null, subject: '', recipients } as const;
		expect(words({ ...letter, about })).toBe('outbox.partly');
		expect(words({ ...released('delivered', 'delivered'), about })).toBe('outbox.delivered');
	});

	it('says first what went wrong', () => {
		expect(words(released('delivered', 'unknown'))).toBe('outbox.unknown');
		expect(words(released('failed', 'unknown', 'delivered'))).toBe('outbox.failed');
		expect(outboxLook(released('failed')).tone).toBe('bad');
	});
});
