/** The parts of a message that can be downloaded, and which of them a person would call an attachment. */
import type { Part } from '#schema/mail/summary.ts';
import type { RemainingPart } from './body-selection.ts';
import { fieldValue } from './header-block.ts';
import { parameterText, truncate } from './header-text.ts';
import { dispositionOf } from './parameters.ts';
import type { Entity } from './structure.ts';
import { decodedSize } from './transfer-encoding.ts';

/** Longest file name that file systems take. */
const filenameLimit = 255;

/** A file name with no directory (RFC 2183 section 2.3) and nothing a screen or a file system stumbles over. */
function safeFilename(text: string): string | null {
	const name = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1).trim();
	if (name === '' || name === '.' || name === '..') return null;
	return truncate(name, filenameLimit);
}

/**
 * The file name a part gives: Content-Disposition's `filename`, else Content-Type's `name`. Null where it has none.
 * @param expected the charset raw 8-bit bytes are expected in, or null
 */
export function filenameOf(entity: Entity, expected: string | null): string | null {
	const disposition = dispositionOf(fieldValue(entity.fields, 'content-disposition'));
	const parameter = disposition.parameters.get('filename') ?? entity.mediaType.parameters.get('name');
	return parameter === undefined ? null : safeFilename(parameterText(parameter, expected));
}

function contentIdOf(entity: Entity): string | null {
	const id = fieldValue(entity.fields, 'content-id')
		.replace(/^[^<]*<|>.*$/gs, '')
		.trim();
	return id === '' ? null : truncate(id, 300);
}

function dispositionOfPart(
	{ entity, surroundings, wish }: RemainingPart,
	filename: string | null
): Part['disposition'] {
	if (wish !== null) return wish;
	if (surroundings === 'related' && entity.fields.has('content-id')) return 'inline';
	const shown = /^(image|audio|video|text|message)\//.test(entity.mediaType.type);
	return shown && filename === null ? 'inline' : 'attachment';
}

/** What is for programs, wherever it lies. */
const machineTypes =
	/^(application\/(x-)?(pgp-signature|pkcs7-signature|pgp-encrypted)|message\/(delivery-status|disposition-notification|feedback-report)|text\/rfc822-headers|text\/x-amp-html)$/;

function isAttachment(
	remaining: RemainingPart,
	part: Part,
	shownIds: ReadonlySet<string>,
	hasHtml: boolean
): boolean {
	const { surroundings, wish } = remaining;
	if (surroundings === 'machine' || machineTypes.test(part.type)) return false;
	if (surroundings === 'alternative' && wish !== 'attachment') return false;
	if (part.contentId !== null && shownIds.has(part.contentId)) return false;
	if (surroundings === 'related' && hasHtml && wish !== 'attachment' && part.contentId !== null) return false;
	return part.size > 0 || part.filename !== null;
}

export interface PartList {
	readonly parts: readonly Part[];
	/** How many of them are attachments to a person: not pictures within the HTML, signatures, reports. */
	readonly attachments: number;
}

/**
 * Lists the parts that are not the text or HTML of a message.
 * @param shownIds the Content-IDs that the HTML shows in place
 * @param hasHtml whether the message has HTML at all
 * @param expected the charset raw 8-bit file names are expected in, or null
 */
export function listParts(
	bytes: Buffer,
	remaining: readonly RemainingPart[],
	shownIds: ReadonlySet<string>,
	hasHtml: boolean,
	expected: string | null
): PartList {
	let attachments = 0;
	const parts = remaining.map((each) => {
		const { entity } = each;
		const filename = filenameOf(entity, expected);
		const body = bytes.subarray(entity.bodyStart, entity.bodyEnd);
		const part: Part = {
			section: entity.section,
			type: entity.mediaType.type,
			filename,
			size: decodedSize(body, entity.encoding),
			disposition: dispositionOfPart(each, filename),
			contentId: contentIdOf(entity)
		};
		if (isAttachment(each, part, shownIds, hasHtml)) attachments += 1;
		return part;
	});
	return { parts, attachments };
}
