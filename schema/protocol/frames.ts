import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { writeAny } from './any.ts';

/**
 * One WebSocket carries binary frames: varUint channel, varUint kind, payload. Channel 0 is control (hello,
 * push, entries, commands); its payloads are lib0 "any" values. Channels from 1 up carry one live document
 * each; their payload is the y-websocket protocol's bytes, untouched.
 */

/** Kinds on channel 0. Numbers are for ever; `hello` and `push` keep their shape for ever too. */
export const frameKinds = {
	hello: 1,
	welcome: 2,
	push: 3,
	acked: 4,
	refused: 5,
	follow: 6,
	entries: 7,
	resync: 8,
	command: 9,
	answer: 10,
	ping: 11,
	pong: 12,
	open: 13,
	opened: 14,
	close: 15
} as const;
export type FrameKind = keyof typeof frameKinds;

/** Kind of every frame on a live channel. */
const liveFrame = 0;

/** Largest frame either side accepts, bytes. */
export const maxFrameBytes = 8 << 20;

/** How many live channels a connection may have open at once. */
export const mostLiveChannels = 32;

const kindNames = new Map<number, FrameKind>(
	Object.entries(frameKinds).map(([name, number]) => [number, name as FrameKind])
);

export type RawFrame =
	| { readonly channel: 0; readonly kind: FrameKind; readonly payload: unknown }
	| { readonly channel: number; readonly kind: 'live'; readonly bytes: Uint8Array };

/** Encodes a control frame. `payload` holds only lib0 "any" values: JSON types, undefined and Uint8Array. */
export function encodeFrame(kind: FrameKind, payload: unknown): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, 0);
	encoding.writeVarUint(encoder, frameKinds[kind]);
	writeAny(encoder, payload);
	return encoding.toUint8Array(encoder);
}

/** Encodes bytes of a live document's channel. */
export function encodeLiveFrame(channel: number, bytes: Uint8Array): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, channel);
	encoding.writeVarUint(encoder, liveFrame);
	encoding.writeUint8Array(encoder, bytes);
	return encoding.toUint8Array(encoder);
}

/** Decodes a frame of either sort; null where it is not one. The payload is not yet checked. */
export function decodeFrame(data: Uint8Array): RawFrame | null {
	if (data.byteLength > maxFrameBytes) return null;
	try {
		const decoder = decoding.createDecoder(data);
		const channel = decoding.readVarUint(decoder);
		const number = decoding.readVarUint(decoder);
		if (channel > 0) return { channel, kind: 'live', bytes: decoding.readTailAsUint8Array(decoder) };
		const kind = kindNames.get(number);
		if (kind === undefined) return null;
		return { channel: 0, kind, payload: decoding.readAny(decoder) };
	} catch {
		// Truncated or over-nested input; the caller closes the socket as malformed.
		return null;
	}
}

/** Encodes a value for HTTP bodies and log rows in the same encoding as frames. */
export function encodeAny(value: unknown): Uint8Array {
	return encoding.encode((encoder) => {
		writeAny(encoder, value);
	});
}

/** Decodes what {@link encodeAny} wrote. Throws on anything else. */
export function decodeAny(data: Uint8Array): unknown {
	return decoding.readAny(decoding.createDecoder(data));
}
