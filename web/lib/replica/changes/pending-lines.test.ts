import { describe, expect, it } from 'vitest';
import type { DeviceId, DocumentId } from '#schema/ids.ts';
import type { PendingChange } from './pending-change.ts';
import { pendingLines } from './pending-lines.ts';

const time = { time: 0, counter: 0 };
let key = 0;

function written(arrivals: number[], field: string, value: string | boolean): PendingChange {
	const stamp = { ...time, device: 'd' as DeviceId };
	key += 1;
	return { kind: 'registers', key, target: { kind: 'messages', arrivals }, field, value, stamp, seen: time };
}

function ofSubject(subject: string): PendingChange {
	const stamp = { ...time, device: 'd' as DeviceId };
	return {
		kind: 'registers',
		key: 0,
		target: { kind: 'subject', subject },
		field: 'x',
		value: '',
		stamp,
		seen: time
	};
}

describe('[X-sync-a] what waits to be confirmed', () => {
	it('is told by what was done, with counts', () => {
		const lines = pendingLines([
			written([1, 2], 'mailbox', 'archive'),
			written([9, 1], 'mailbox', 'archive'),
			written([4, 3], '$seen', true),
			written([4, 1], '$seen', false)
		]);
		expect(lines).toMatchObject([
			{ kind: 'move', mailbox: 'archive', count: 3 },
			{ kind: 'mark', field: '$seen', value: true, count: 3 },
			{ kind: 'mark', field: '$seen', value: false, count: 1 }
		]);
	});

	it('names a draft once, however often it was typed in', () => {
		const document = 'abc' as DocumentId;
		const text: PendingChange = { kind: 'text', key: 1, document, update: new Uint8Array() };
		expect(pendingLines([text, text, ofSubject('draft:abc')])).toEqual([
			{ kind: 'draft', key: 'draft:abc', document }
		]);
	});

	it('knows settings', () => {
		expect(pendingLines([ofSubject('settings')])).toEqual([{ kind: 'setting', key: 'settings' }]);
	});
});
