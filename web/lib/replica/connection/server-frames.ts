import * as v from 'valibot';
import { refusalCodes } from '#schema/protocol/codes.ts';
import { decodeFrame } from '#schema/protocol/frames.ts';
import type { ServerFrames } from '#schema/protocol/messages.ts';

/** A frame of the server, checked; or bytes of a live channel. */
export type ServerFrame =
	| {
			readonly [Kind in keyof ServerFrames]: { readonly kind: Kind; readonly payload: ServerFrames[Kind] };
	  }[keyof ServerFrames]
	| { readonly kind: 'live'; readonly channel: number; readonly bytes: Uint8Array };

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const stamp = v.looseObject({ time: whole, counter: whole, device: v.string() });
const cursor = v.looseObject({ generation: v.string(), seq: whole });
const address = v.looseObject({ name: v.string(), address: v.string() });

/** The signed-in person, as the server tells it. */
export const profileShape = v.looseObject({
	name: v.string(),
	address: v.string(),
	identities: v.array(address),
	organisation: v.string(),
	domains: v.array(v.string())
});

const change = v.looseObject({ kind: v.string() });

/** What must hold of each frame before it is used; a newer server may say more. */
const shapes: { readonly [Kind in keyof ServerFrames]: v.GenericSchema } = {
	welcome: v.looseObject({
		version: whole,
		now: whole,
		profile: profileShape,
		spaces: v.array(v.looseObject({ space: v.string(), head: cursor }))
	}),
	acked: v.looseObject({
		batch: v.string(),
		space: v.string(),
		seq: whole,
		stamps: v.array(v.looseObject({ key: whole, stamp }))
	}),
	refused: v.looseObject({
		batch: v.string(),
		space: v.string(),
		code: v.picklist(refusalCodes),
		keys: v.array(whole)
	}),
	entries: v.looseObject({
		space: v.string(),
		generation: v.string(),
		entries: v.array(v.looseObject({ seq: whole, changes: v.array(change) })),
		seq: whole,
		head: whole
	}),
	resync: v.looseObject({ space: v.string(), reason: v.string() }),
	answer: v.looseObject({
		id: v.string(),
		result: v.variant('kind', [
			v.looseObject({ kind: v.literal('done') }),
			v.looseObject({ kind: v.literal('submitted'), releaseAt: whole }),
			v.looseObject({ kind: v.literal('refused'), code: v.picklist(refusalCodes), detail: v.string() })
		])
	}),
	opened: v.looseObject({ channel: whole, access: v.picklist(['write', 'read', 'none']) }),
	pong: v.unknown()
};

/** Decodes and checks what a server sent; null where it is none of its frames. */
export function serverFrame(bytes: Uint8Array): ServerFrame | null {
	const raw = decodeFrame(bytes);
	if (raw === null) return null;
	if (raw.kind === 'live') return { kind: 'live', channel: raw.channel, bytes: raw.bytes };
	if (!(raw.kind in shapes)) return null;
	const kind = raw.kind as keyof ServerFrames;
	if (!v.is(shapes[kind], raw.payload)) return null;
	return { kind, payload: raw.payload } as ServerFrame;
}
