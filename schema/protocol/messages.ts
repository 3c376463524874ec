import * as v from 'valibot';
import { isRanges } from '../docs/ranges.ts';
import { maxRegisterText } from '../docs/registers.ts';
import {
	isId,
	type BatchId,
	type CommandId,
	type DeviceId,
	type DocumentId,
	type SpaceId,
	type SubmissionId
} from '../ids.ts';
import type { MailAddress } from '../mail/address.ts';
import { composedLetter } from '../mail/submission.ts';
import type { Cursor, Entry } from '../space/entry.ts';
import type { Stamp } from '../docs/registers.ts';
import type { RefusalCode } from './codes.ts';

/** Versions of the protocol this code speaks; both sides name a range and take the highest in common. */
export const protocolVersions = { lowest: 1, highest: 1 } as const;

function idOf<Kind>() {
	return v.pipe(
		v.string(),
		v.check((value) => isId(value), 'not an id'),
		v.transform((value) => value as unknown as Kind)
	);
}
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const bytes = v.instance(Uint8Array);

const stamp = v.object({ time: whole, counter: whole, device: idOf<DeviceId>() });
const registerValue = v.union([
	v.null(),
	v.boolean(),
	v.pipe(v.number(), v.finite()),
	v.pipe(v.string(), v.maxLength(maxRegisterText)),
	v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(200))
]);
const ranges = v.pipe(
	v.array(v.number()),
	v.maxLength(200_000),
	v.check((value) => isRanges(value), 'not ranges')
);

/** First frame of a device. Frozen: its shape never changes. */
export const helloFrame = v.object({
	versions: v.object({ lowest: whole, highest: whole }),
	device: idOf<DeviceId>()
});
export type HelloFrame = v.InferOutput<typeof helloFrame>;

/** One change of a batch. */
export const pushedChange = v.variant('kind', [
	v.object({
		kind: v.literal('registers'),
		/** The device's own number of the change; refusals and acks name it. */
		key: whole,
		target: v.variant('kind', [
			v.object({ kind: v.literal('messages'), arrivals: ranges }),
			v.object({ kind: v.literal('subject'), subject: v.pipe(v.string(), v.maxLength(100)) })
		]),
		field: v.pipe(v.string(), v.maxLength(40)),
		value: registerValue,
		stamp
	}),
	v.object({
		kind: v.literal('text'),
		key: whole,
		document: idOf<DocumentId>(),
		update: v.pipe(
			bytes,
			v.check((value) => value.byteLength <= 4 << 20, 'too large')
		)
	})
]);
export type PushedChange = v.InferOutput<typeof pushedChange>;

/** Pending changes of a device to one space, all or nothing. Frozen: its shape never changes. */
export const pushFrame = v.object({
	batch: idOf<BatchId>(),
	space: idOf<SpaceId>(),
	generation: v.pipe(v.string(), v.maxLength(64)),
	changes: v.pipe(v.array(pushedChange), v.minLength(1), v.maxLength(5000))
});
export type PushFrame = v.InferOutput<typeof pushFrame>;

const cursor = v.object({ generation: v.pipe(v.string(), v.maxLength(64)), seq: whole });

/** Asks for everything in a space's log after the cursor, and for what comes from now on. */
export const followFrame = v.object({
	space: idOf<SpaceId>(),
	cursor
});
export type FollowFrame = v.InferOutput<typeof followFrame>;

/** What the server executes once. A replay of the same id gets the stored answer. */
export const commandBody = v.variant('name', [
	v.object({
		name: v.literal('submit'),
		submission: idOf<SubmissionId>(),
		document: idOf<DocumentId>(),
		generation: whole,
		letter: composedLetter
	}),
	v.object({ name: v.literal('cancel-submission'), submission: idOf<SubmissionId>() }),
	/** Let a held letter go before its time. */
	v.object({ name: v.literal('release-submission'), submission: idOf<SubmissionId>() }),
	/** Send a letter of unknown fate once more with the same bytes and Message-ID. */
	v.object({ name: v.literal('send-again'), submission: idOf<SubmissionId>() }),
	/** Remove for good: the set it means, and the cursor the device saw. */
	v.object({ name: v.literal('purge'), arrivals: ranges, seen: cursor })
]);
export type CommandBody = v.InferOutput<typeof commandBody>;

export const commandFrame = v.object({ id: idOf<CommandId>(), space: idOf<SpaceId>(), body: commandBody });
export type CommandFrame = v.InferOutput<typeof commandFrame>;

/** Opens a live channel for a text document; the client chooses a free channel number from 1 up. */
export const openFrame = v.object({
	channel: v.pipe(whole, v.minValue(1), v.maxValue(1000)),
	space: idOf<SpaceId>(),
	document: idOf<DocumentId>()
});
export type OpenFrame = v.InferOutput<typeof openFrame>;

export const closeFrame = v.object({ channel: v.pipe(whole, v.minValue(1), v.maxValue(1000)) });

/** The signed-in person as the client shows them. */
export interface Profile {
	readonly name: string;
	readonly address: string;
	readonly identities: readonly MailAddress[];
	readonly organisation: string;
	/** Domains whose addresses are inside the organisation. */
	readonly domains: readonly string[];
}

export interface WelcomeFrame {
	readonly version: number;
	/** Server time, milliseconds UTC: pending stamps are moved by the difference. */
	readonly now: number;
	readonly profile: Profile;
	readonly spaces: readonly { readonly space: SpaceId; readonly kind: 'mailbox'; readonly head: Cursor }[];
}

/** The batch is committed. `stamps` names every register change whose stamp the server replaced. */
export interface AckedFrame {
	readonly batch: BatchId;
	readonly space: SpaceId;
	readonly seq: number;
	readonly stamps: readonly { readonly key: number; readonly stamp: Stamp }[];
}

/** The batch was not taken, none of it; `keys` are the changes that stood in the way. */
export interface RefusedFrame {
	readonly batch: BatchId;
	readonly space: SpaceId;
	readonly code: RefusalCode;
	readonly keys: readonly number[];
}

/** A stretch of the log, ascending and without gaps from the cursor the replica stands at. */
export interface EntriesFrame {
	readonly space: SpaceId;
	readonly generation: string;
	readonly entries: readonly Entry[];
	/** The cursor after these entries. */
	readonly seq: number;
	/** Head of the log when they were sent, so that progress can be shown. */
	readonly head: number;
}

/**
 * The cursor can't be followed. Below the floor of the same generation the replica takes what changed since; else it opens
 * the space anew. It keeps its pending changes.
 */
export interface ResyncFrame {
	readonly space: SpaceId;
	readonly reason: 'generation' | 'below-floor' | 'beyond-head';
}

export type CommandResult =
	| { readonly kind: 'done' }
	| { readonly kind: 'submitted'; readonly releaseAt: number }
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };

export interface AnswerFrame {
	readonly id: CommandId;
	readonly result: CommandResult;
}

export interface OpenedFrame {
	readonly channel: number;
	readonly access: 'write' | 'read' | 'none';
}

/** What the server sends on channel 0, by kind. */
export interface ServerFrames {
	readonly welcome: WelcomeFrame;
	readonly acked: AckedFrame;
	readonly refused: RefusedFrame;
	readonly entries: EntriesFrame;
	readonly resync: ResyncFrame;
	readonly answer: AnswerFrame;
	readonly opened: OpenedFrame;
	readonly pong: Record<string, never>;
}
