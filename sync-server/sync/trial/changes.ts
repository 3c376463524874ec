import type { RegisterValue } from '#schema/docs/registers.ts';
import type { DeviceId, DocumentId } from '#schema/ids.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import { trialStart } from './stage.ts';

/** A change of a message's register, as a device pushes it. */
export function marking(
	key: number,
	arrival: number,
	device: string,
	{
		field = '$seen',
		value = true,
		time = trialStart
	}: { field?: string; value?: RegisterValue; time?: number } = {}
): PushedChange {
	return {
		kind: 'registers',
		key,
		target: { kind: 'messages', arrivals: [arrival, 1] },
		field,
		value: value as boolean,
		stamp: { time, counter: key, device: device as DeviceId }
	};
}

/** A change of a text document, as a device pushes it. */
export function writing(key: number, document: string, update: Uint8Array): PushedChange {
	return { kind: 'text', key, document: document as DocumentId, update: new Uint8Array(update) };
}
