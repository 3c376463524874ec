/**
 * The structure of a message: a tree of MIME entities (RFC 2045 section 2.4) as byte offsets into the message,
 * found without copying. Own code, because no library gives offsets, and IMAP's BODYSTRUCTURE and partial FETCH
 * need them. Every pass is linear in the message; nesting, leaves and delimiter lines are bounded.
 */
import type { Defect } from '#schema/mail/summary.ts';
import { fieldValue, findHeaderBlock, readHeaderFields, type HeaderFields } from './header-block.ts';
import { mediaTypeOf, type MediaType } from './parameters.ts';
import { transferEncodingOf, type TransferEncoding } from './transfer-encoding.ts';

/** Bounds that no message can exceed; what lies beyond is left out and told as a defect. */
export const structureLimits = { leaves: 1000, depth: 20, delimiterLines: 200_000, fields: 20_000 } as const;

interface Extent {
	/**
	 * IMAP section number (RFC 3501 section 6.4.5). The multipart that is the body of a message has none of its
	 * own; it is `TEXT`, or `2.TEXT` inside the message at `2`.
	 */
	readonly section: string;
	/** Offset of the first header field. */
	readonly headerStart: number;
	/** Offset behind the last header field; the empty line follows. */
	readonly headerEnd: number;
	readonly bodyStart: number;
	readonly bodyEnd: number;
	readonly fields: HeaderFields;
	readonly mediaType: MediaType;
	readonly encoding: TransferEncoding;
}

/** An entity with bytes of its own. */
export interface Leaf extends Extent {
	readonly kind: 'leaf';
}

/** An entity made of others; it has at least one. */
export interface Multipart extends Extent {
	readonly kind: 'multipart';
	readonly children: readonly Entity[];
}

/** A whole message inside another (message/rfc822, message/global); its body is that message. */
export interface EmbeddedMessage extends Extent {
	readonly kind: 'message';
	readonly message: Entity;
}

export type Entity = Leaf | Multipart | EmbeddedMessage;

export interface Structure {
	readonly bytes: Buffer;
	readonly root: Entity;
	readonly defects: ReadonlySet<Defect>;
}

interface Scan {
	readonly bytes: Buffer;
	/** The byte that ends a line: LF, or CR in a message that has no LF. */
	readonly newline: number;
	readonly defects: Set<Defect>;
	/** Offsets of all lines that begin with `--`; null until the first multipart asks. */
	delimiterLines: readonly number[] | null;
	leaves: number;
	/** Header fields read so far, in all parts. */
	fields: number;
}

/** Where an entity lies and how it is numbered. */
interface Place {
	readonly start: number;
	readonly end: number;
	readonly depth: number;
	readonly fallbackType: string;
	/** Section number as a leaf or an embedded message. */
	readonly section: string;
	/** Section number as a multipart. */
	readonly multipartSection: string;
	/** What goes before the numbers of a multipart's children, with its dot. */
	readonly prefix: string;
}

const lineFeed = 10;
const carriageReturn = 13;
const hyphen = 45;

function findDelimiterLines(scan: Scan): readonly number[] {
	const { bytes } = scan;
	const lines: number[] = [];
	if (bytes[0] === hyphen && bytes[1] === hyphen) lines.push(0);
	const mark = Buffer.from([scan.newline, hyphen, hyphen]);
	for (let offset = bytes.indexOf(mark); offset >= 0; offset = bytes.indexOf(mark, offset + 3)) {
		if (lines.length >= structureLimits.delimiterLines) {
			scan.defects.add('too-many-parts');
			break;
		}
		lines.push(offset + 1);
	}
	return lines;
}

/** First index in the ascending list whose value is at least `minimum`. */
function lowerBound(list: readonly number[], minimum: number): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((list[middle] ?? 0) < minimum) low = middle + 1;
		else high = middle;
	}
	return low;
}

interface Delimiter {
	/** Offset of the line end before the delimiter: it belongs to the delimiter (RFC 2046 section 5.1.1). */
	readonly start: number;
	readonly end: number;
	readonly closing: boolean;
}

/**
 * The delimiter on the line at `offset`, if it is one: the boundary and after it nothing but white space. (RFC 2046
 * would let a line pass that only begins with the boundary; then `--a` would cut the parts of a boundary `ab`.)
 */
function delimiterAt(scan: Scan, offset: number, limit: number, boundary: Buffer): Delimiter | null {
	const { bytes, newline } = scan;
	let place = offset + 2 + boundary.length;
	if (place > limit || bytes[offset + 2] !== boundary[0]) return null;
	if (bytes.compare(boundary, 0, boundary.length, offset + 2, place) !== 0) return null;
	const closing = bytes[place] === hyphen && bytes[place + 1] === hyphen && place + 2 <= limit;
	if (closing) place += 2;
	while (place < limit && bytes[place] !== newline) {
		const byte = bytes[place];
		if (byte !== 32 && byte !== 9 && byte !== carriageReturn) return null;
		place += 1;
	}
	let start = offset;
	if (start > 0 && bytes[start - 1] === newline) start -= 1;
	if (start > 0 && newline === lineFeed && bytes[start - 1] === carriageReturn) start -= 1;
	return { start, end: Math.min(place + 1, limit), closing };
}

interface BodyRange {
	readonly start: number;
	readonly end: number;
}

/** The body parts between the delimiters of one multipart (RFC 2046 section 5.1), at most as many as are used. */
function* bodyRanges(scan: Scan, start: number, end: number, boundary: Buffer): Generator<BodyRange> {
	scan.delimiterLines ??= findDelimiterLines(scan);
	const lines = scan.delimiterLines;
	let open = -1;
	for (let index = lowerBound(lines, start); index < lines.length; index += 1) {
		const line = lines[index] ?? 0;
		if (line >= end) break;
		const delimiter = delimiterAt(scan, line, end, boundary);
		if (!delimiter) continue;
		if (open >= 0) yield { start: open, end: Math.max(open, delimiter.start) };
		open = delimiter.end;
		if (delimiter.closing) return;
	}
	scan.defects.add('missing-boundary');
	if (open >= 0) yield { start: open, end };
}

function boundaryOf(mediaType: MediaType): Buffer | null {
	// It never ends with white space (RFC 2046 section 5.1.1); what does was added on the way.
	const boundary = mediaType.parameters.get('boundary')?.bytes.trimEnd() ?? '';
	return boundary === '' ? null : Buffer.from(boundary, 'latin1');
}

function scanChildren(scan: Scan, extent: Extent, place: Place): readonly Entity[] {
	const boundary = boundaryOf(extent.mediaType);
	const children: Entity[] = [];
	if (!boundary) return children;
	const digest = extent.mediaType.type === 'multipart/digest';
	for (const range of bodyRanges(scan, extent.bodyStart, extent.bodyEnd, boundary)) {
		if (scan.leaves >= structureLimits.leaves) {
			scan.defects.add('too-many-parts');
			break;
		}
		const section = `${place.prefix}${String(children.length + 1)}`;
		children.push(
			scanEntity(scan, {
				...range,
				depth: place.depth + 1,
				fallbackType: digest ? 'message/rfc822' : 'text/plain',
				section,
				multipartSection: section,
				prefix: `${section}.`
			})
		);
	}
	return children;
}

/** The place of a message's own header and body; `prefix` is empty, or the section of the message with its dot. */
function messagePlace(start: number, end: number, depth: number, prefix: string): Place {
	return {
		start,
		end,
		depth,
		fallbackType: 'text/plain',
		section: `${prefix}1`,
		multipartSection: `${prefix}TEXT`,
		prefix
	};
}

function extentOf(scan: Scan, place: Place): Extent {
	const block = findHeaderBlock(scan.bytes, place.start, place.end, scan.newline);
	const fields = readHeaderFields(scan.bytes, block, scan.newline, structureLimits.fields - scan.fields);
	for (const values of fields.values()) scan.fields += values.length;
	const encoding = transferEncodingOf(fieldValue(fields, 'content-transfer-encoding'));
	if (encoding === null) scan.defects.add('bad-transfer-encoding');
	return {
		section: place.section,
		headerStart: block.start,
		headerEnd: block.end,
		bodyStart: block.bodyStart,
		bodyEnd: Math.max(place.end, block.bodyStart),
		fields,
		mediaType: mediaTypeOf(fieldValue(fields, 'content-type'), place.fallbackType),
		encoding: encoding ?? 'identity'
	};
}

const isMessageType = (type: string): boolean => type === 'message/rfc822' || type === 'message/global';

function scanEntity(scan: Scan, place: Place): Entity {
	const extent = extentOf(scan, place);
	const { type } = extent.mediaType;
	const isMultipart = type.startsWith('multipart/');
	// An encoded message (RFC 2046 section 5.2.1 forbids it) is a file: its parts have no offsets of their own.
	const isMessage = isMessageType(type) && extent.encoding === 'identity';
	if (isMultipart || isMessage) {
		if (place.depth >= structureLimits.depth) {
			scan.defects.add('too-deep');
		} else if (isMessage) {
			const inner = messagePlace(extent.bodyStart, extent.bodyEnd, place.depth + 1, `${place.section}.`);
			return { kind: 'message', ...extent, message: scanEntity(scan, inner) };
		} else {
			const children = scanChildren(scan, extent, place);
			if (children.length > 0) {
				return { kind: 'multipart', ...extent, section: place.multipartSection, children };
			}
			scan.leaves += 1;
			scan.defects.add('missing-boundary');
			// With no part in it, what stands there is text for all a reader can know.
			return { kind: 'leaf', ...extent, mediaType: { type: 'text/plain', parameters: new Map() } };
		}
	}
	scan.leaves += 1;
	return { kind: 'leaf', ...extent };
}

/** Offset behind an mbox `From ` line before the first field (RFC 4155); 0 where there is none. */
function behindMailboxLine(bytes: Buffer, newline: number): number {
	// `From :` is the obsolete form of the field (RFC 5322 section 4.5).
	if (!/^>?From (?!\s*:)/.test(bytes.toString('latin1', 0, 100))) return 0;
	const end = bytes.indexOf(newline);
	return end < 0 ? 0 : end + 1;
}

/** Scans a whole message. Never throws; time and memory are linear in the message. */
export function scanMessage(message: Uint8Array): Structure {
	const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
	const newline = bytes.includes(lineFeed) || !bytes.includes(carriageReturn) ? lineFeed : carriageReturn;
	const scan: Scan = { bytes, newline, defects: new Set(), delimiterLines: null, leaves: 0, fields: 0 };
	const start = behindMailboxLine(bytes, newline);
	const root = scanEntity(scan, messagePlace(start, bytes.length, 0, ''));
	if (root.fields.size === 0) scan.defects.add('no-headers');
	return { bytes, root, defects: scan.defects };
}

/** All entities of the tree, in order, the entity itself first. */
export function* entities(entity: Entity): Generator<Entity> {
	yield entity;
	if (entity.kind === 'multipart') for (const child of entity.children) yield* entities(child);
	if (entity.kind === 'message') yield* entities(entity.message);
}

/** The entity with that IMAP section number; null where the message has none. */
export function entityAt(structure: Structure, section: string): Entity | null {
	for (const entity of entities(structure.root)) if (entity.section === section) return entity;
	return null;
}
