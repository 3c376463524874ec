/**
 * Branded identifiers. Every id is opaque and random (128 bits, base64url, 22 characters), so that
 * knowing one tells nothing about another and any device can make one with no network.
 */

declare const kind: unique symbol;

/** A string that is known to identify a `Kind`; plain strings do not fit where one is wanted. */
export type Id<Kind extends string> = string & { readonly [kind]: Kind };

export type OrganisationId = Id<'organisation'>;
export type PrincipalId = Id<'principal'>;
export type SpaceId = Id<'space'>;
export type DeviceId = Id<'device'>;
export type MessageId = Id<'message'>;
export type MailboxId = Id<'mailbox'>;
export type DocumentId = Id<'document'>;
export type AttachmentId = Id<'attachment'>;
export type CommandId = Id<'command'>;
export type BatchId = Id<'batch'>;
export type SubmissionId = Id<'submission'>;
export type EnvelopeId = Id<'envelope'>;

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a string from outside may be taken as an id at all (shape and length, not existence). */
export function isId(value: unknown): value is string {
	return typeof value === 'string' && idPattern.test(value);
}

/** A source of random bytes; tests inject a seeded one. */
export type RandomBytes = (length: number) => Uint8Array;

const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A new random id: 16 bytes as 22 characters of base64url (RFC 4648, section 5), unpadded. */
export function newId<Kind extends string>(random: RandomBytes = systemRandom): Id<Kind> {
	const bytes = random(16);
	let text = '';
	for (let offset = 0; offset < 16; offset += 3) {
		const group = ((bytes[offset] ?? 0) << 16) | ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset + 2] ?? 0);
		const characters = offset === 15 ? 2 : 4;
		for (let place = 0; place < characters; place += 1) {
			text += alphabet[(group >> (18 - 6 * place)) & 63] ?? '';
		}
	}
	return text as Id<Kind>;
}
