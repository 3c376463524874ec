import { newId, type EnvelopeId, type OrganisationId, type RandomBytes, type SpaceId } from '#schema/ids.ts';
import { domainOf } from '#schema/mail/address.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import { summarizeHeader } from '../mail/message-summary.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Clock } from './clock.ts';
import { collectContent } from './content.ts';
import type { QueueCounters } from './counters.ts';
import { headLimit, readHeader } from './header.ts';
import { rawLetter, type RawLetter } from './raw-letter.ts';
import type { Recipient } from './recipients.ts';
import type { Submitter } from './submitting.ts';
import type { Trace } from './trace.ts';

export interface RawSubmittingDeps {
	readonly submitter: Submitter;
	readonly blobs: BlobStore;
	readonly organisation: OrganisationId;
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly counters: QueueCounters;
	readonly maxBytes: number;
}

/** A letter from a mail program whose user authenticated. */
export interface RawSubmission {
	readonly space: SpaceId;
	/** Canonical addresses the account may send as. */
	readonly identities: readonly string[];
	/** MAIL FROM; one of the identities. */
	readonly sender: string;
	readonly recipients: readonly Recipient[];
	readonly trace: Trace;
}

export type RawAnswer =
	| {
			readonly kind: 'queued';
			readonly id: EnvelopeId;
			readonly size: number;
			/** As of an accept. */
			readonly guarded: readonly EnvelopeId[];
	  }
	| { readonly kind: 'refused'; readonly code: RefusalCode };

/**
 * Takes a letter from a mail program: as a submission that is released at once, with a copy in Sent.
 *
 * @throws BlobError, StoreError where it can't be taken now, or is too large
 */
export async function submitRaw(
	{ submitter, blobs, organisation, clock, random, counters, maxBytes }: RawSubmittingDeps,
	{ space, identities, sender, recipients, trace }: RawSubmission,
	source: AsyncIterable<Uint8Array>
): Promise<RawAnswer> {
	const messageId = `<${newId(random)}@${domainOf(sender)}>`;
	const { letter, content: bytes } = await opened(source, (head) => rawLetter(head, messageId, clock.now()));
	const content = await collectContent(bytes, { blobs, organisation, maxBytes });
	try {
		if (letter.from.length === 0 || !letter.from.every((address) => identities.includes(address))) {
			counters.submitted('refused');
			return { kind: 'refused', code: 'identity-not-permitted' };
		}
		const { answer, accepted } = await submitter.decide({
			space,
			submission: newId(random),
			device: null,
			command: null,
			document: null,
			generation: 0,
			payloadHash: Buffer.from(content.dataHash).toString('hex'),
			subject: summarizeHeader(readHeader(content.head), null).subject,
			recipients: recipients.map(({ address }) => ({ name: '', address })),
			releaseAt: clock.now(),
			envelope: { sender, recipients, trace },
			content
		});
		counters.submitted(answer.kind === 'replay' ? 'replayed' : answer.kind);
		if (answer.kind === 'refused') return { kind: 'refused', code: answer.code };
		return { kind: 'queued', id: accepted.id, size: content.size, guarded: accepted.guarded };
	} finally {
		content.release();
	}
}

/** Reads a letter as far as its header, and gives it whole with the beginning that is stored in its place. */
async function opened(
	source: AsyncIterable<Uint8Array>,
	read: (head: Uint8Array) => RawLetter
): Promise<{ readonly letter: RawLetter; readonly content: AsyncIterable<Uint8Array> }> {
	const pieces = source[Symbol.asyncIterator]();
	let head: Buffer = Buffer.alloc(0);
	let isOver = false;
	while (!isOver && head.byteLength < headLimit && !holdsEmptyLine(head)) {
		const piece = await pieces.next();
		if (piece.done === true) isOver = true;
		else head = Buffer.concat([head, piece.value]);
	}
	const letter = read(head);
	return { letter, content: joined(letter.head, isOver ? null : pieces) };
}

function holdsEmptyLine(head: Buffer): boolean {
	return head.includes('\n\r\n') || head.includes('\n\n') || head.indexOf('\r\n') === 0;
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array> | null): AsyncGenerator<Uint8Array> {
	yield head;
	if (rest === null) return;
	for (let piece = await rest.next(); piece.done !== true; piece = await rest.next()) yield piece.value;
}
