import * as v from 'valibot';
import { isAddress } from './address.ts';
import { isId, type AttachmentId, type DocumentId, type SubmissionId } from '../ids.ts';
import { isZoneName } from '../zoned-instant.ts';
import { submissionLimits } from './submission-limits.ts';

export { submissionLimits };

const address = v.object({
	name: v.pipe(v.string(), v.maxLength(200)),
	address: v.pipe(v.string(), v.check(isAddress, 'not an address'))
});
const addresses = v.pipe(v.array(address), v.maxLength(submissionLimits.recipients));
const id = v.pipe(
	v.string(),
	v.check((value) => isId(value), 'not an id')
);
const messageId = v.pipe(v.string(), v.maxLength(998));

/** A letter as a device composes it; the server renders it to bytes once, when it accepts it. */
export const composedLetter = v.object({
	from: address,
	to: addresses,
	cc: addresses,
	bcc: addresses,
	subject: v.pipe(v.string(), v.maxLength(submissionLimits.subject)),
	/** The body as HTML of the editor's own schema; the plain text is derived from it. */
	html: v.pipe(v.string(), v.maxLength(submissionLimits.html)),
	inReplyTo: v.nullable(messageId),
	references: v.pipe(v.array(messageId), v.maxLength(100)),
	attachments: v.pipe(
		v.array(
			v.pipe(
				id,
				v.transform((value) => value as AttachmentId)
			)
		),
		v.maxLength(submissionLimits.attachments)
	),
	/** The device's time of the Date header, milliseconds UTC; the server corrects an absurd one. */
	date: v.pipe(v.number(), v.integer()),
	/** The IANA time zone the device is set to; devices of before do not tell, and what they send has its hash without. */
	zone: v.optional(v.pipe(v.string(), v.check(isZoneName, 'not a time zone')))
});
export type ComposedLetter = v.InferOutput<typeof composedLetter>;

/** Ids of a submission: the draft and how often it was sent. Two devices that send one draft make one id. */
export function submissionIdOf(document: DocumentId, generation: number): SubmissionId {
	return `${document}-${generation}` as SubmissionId;
}

/**
 * The draft that late edits of a sent one go into: the same on every device, so that late edits of two
 * devices meet in one.
 */
export function successorOf(document: DocumentId, generation: number): DocumentId {
	return `${document.slice(0, 48)}-late-${generation}` as DocumentId;
}

/** Whether a draft came of late edits of that earlier one, over however many sendings. */
export function isSuccessorOf(document: DocumentId, earlier: DocumentId): boolean {
	for (let name: string = document; ;) {
		const before = /^(.+)-late-\d+$/.exec(name)?.[1];
		if (before === undefined) return false;
		if (before === earlier.slice(0, 48)) return true;
		name = before;
	}
}
