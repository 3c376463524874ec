import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/**
 * Messages on a live channel: the y-websocket protocol (y-protocols 1, PROTOCOL.md). A message is its type,
 * then for `sync` the step, then bytes with their length.
 */
const types = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3 } as const;
const steps = { step1: 0, step2: 1, update: 2 } as const;
const permissionDenied = 0;

export type LiveMessage =
	/** Asks for what the sender lacks, given its state vector. */
	| { readonly kind: 'step1'; readonly stateVector: Uint8Array }
	/** Changes; an answer to step 1 or just made. */
	| { readonly kind: 'update'; readonly update: Uint8Array }
	| { readonly kind: 'awareness'; readonly update: Uint8Array }
	| { readonly kind: 'query-awareness' };

/** Reads a message of a client; null where it is not one a client may send. */
export function readLiveMessage(bytes: Uint8Array): LiveMessage | null {
	try {
		const decoder = decoding.createDecoder(bytes);
		switch (decoding.readVarUint(decoder)) {
			case types.sync:
				return readSync(decoder);
			case types.awareness:
				return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) };
			case types.queryAwareness:
				return { kind: 'query-awareness' };
			default:
				return null;
		}
	} catch {
		// Truncated; the caller closes the connection as malformed.
		return null;
	}
}

function readSync(decoder: decoding.Decoder): LiveMessage | null {
	switch (decoding.readVarUint(decoder)) {
		case steps.step1:
			return { kind: 'step1', stateVector: decoding.readVarUint8Array(decoder) };
		case steps.step2:
		case steps.update:
			return { kind: 'update', update: decoding.readVarUint8Array(decoder) };
		default:
			return null;
	}
}

function message(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
	return encoding.encode((encoder) => {
		for (const part of parts) {
			if (typeof part === 'number') encoding.writeVarUint(encoder, part);
			else if (typeof part === 'string') encoding.writeVarString(encoder, part);
			else encoding.writeVarUint8Array(encoder, part);
		}
	});
}

/** Asks the other side for what this one lacks. */
export const step1Message = (stateVector: Uint8Array) => message(types.sync, steps.step1, stateVector);

/** What the other side lacks, in answer to its step 1. */
export const step2Message = (update: Uint8Array) => message(types.sync, steps.step2, update);

/** A change as it is made. */
export const updateMessage = (update: Uint8Array) => message(types.sync, steps.update, update);

/** Who is there and where. */
export const awarenessMessage = (update: Uint8Array) => message(types.awareness, update);

/** The change that was sent is not permitted. `reason` is a code. */
export const deniedMessage = (reason: string) => message(types.auth, permissionDenied, reason);
