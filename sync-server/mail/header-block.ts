/**
 * Finds the header of a message or of one of its parts, and reads its fields (RFC 5322 section 2.2).
 * Own code, because the libraries give no byte offsets and end the header at the first malformed line.
 */

const carriageReturn = 13;
const space = 32;
const tab = 9;
const colon = 58;

/** Most bytes of one header that are read for fields, and most fields taken; the rest counts as header still. */
export const headerLimits = { bytes: 256 * 1024, fields: 2000, name: 200 } as const;

/** Byte offsets of a header: the fields lie in [start, end); the body begins at `bodyStart`. */
export interface HeaderBlock {
	readonly start: number;
	readonly end: number;
	readonly bodyStart: number;
}

/**
 * Fields by lower-case name, each in order of appearance. A value is unfolded and trimmed; its bytes are the
 * characters U+0000 to U+00FF (so `Buffer.from(value, 'latin1')` is what stood there).
 */
export type HeaderFields = ReadonlyMap<string, readonly string[]>;

/** Names that start a header even where a line of rubbish stands before them. */
const wellKnownName =
	/^(from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to|sender|reply-to|content-[a-z-]+|x-[a-z-]+)[ \t]*:/i;

/** Offset of the end of a field name (its last character's successor), or -1 where the line is no field. */
function fieldNameEnd(bytes: Buffer, start: number, end: number): number {
	const limit = Math.min(end, start + headerLimits.name);
	let nameEnd = -1;
	for (let offset = start; offset < limit; offset += 1) {
		const byte = bytes[offset] ?? 0;
		if (byte === colon) return offset === start ? -1 : nameEnd < 0 ? offset : nameEnd;
		if (byte === space || byte === tab) {
			if (nameEnd < 0) nameEnd = offset;
		} else if (nameEnd >= 0 || byte < 33 || byte > 126) return -1;
	}
	return -1;
}

interface HeaderScan {
	/** Whether a field was seen. */
	fields: boolean;
	/** Where lines began that are no fields, and no field came after them yet; -1 if there are none. */
	rubbish: number;
}

/** Takes note of one line that is not empty; false where it shows that there is no header at all. */
function scanLine(bytes: Buffer, start: number, end: number, scan: HeaderScan): boolean {
	const first = bytes[start];
	const continued = first === space || first === tab;
	if (continued && scan.fields) return true;
	if (!continued && fieldNameEnd(bytes, start, end) >= 0) {
		const afterRubbish = !scan.fields && scan.rubbish >= 0;
		if (afterRubbish && !wellKnownName.test(bytes.toString('latin1', start, Math.min(end, start + 80)))) {
			return false;
		}
		scan.fields = true;
		scan.rubbish = -1;
	} else if (scan.rubbish < 0) scan.rubbish = start;
	return true;
}

/**
 * Where the header that starts at `start` ends. It ends at the first empty line (RFC 5322 section 2.1). A line
 * that is no field is passed over if fields follow it before the empty line; where none follow, the separator is
 * missing and the body begins with that line; where there are no fields at all, everything is body.
 *
 * @param newline the byte that ends a line: LF, or CR in a message that has no LF
 */
export function findHeaderBlock(bytes: Buffer, start: number, limit: number, newline: number): HeaderBlock {
	const scan: HeaderScan = { fields: false, rubbish: -1 };
	let line = start;
	while (line < limit) {
		const found = bytes.indexOf(newline, line);
		const lineEnd = found < 0 || found > limit ? limit : found;
		const next = Math.min(lineEnd + 1, limit);
		const empty = lineEnd === line || (lineEnd === line + 1 && bytes[line] === carriageReturn);
		if (empty) {
			if (scan.rubbish >= 0) break;
			return { start, end: line, bodyStart: next };
		}
		if (!scanLine(bytes, line, lineEnd, scan)) return { start, end: start, bodyStart: start };
		line = next;
	}
	if (!scan.fields) return { start, end: start, bodyStart: start };
	const end = scan.rubbish >= 0 ? scan.rubbish : Math.max(start, limit);
	return { start, end, bodyStart: end };
}

function addField(fields: Map<string, string[]>, line: string, nameEnd: number): void {
	const name = line.slice(0, nameEnd).toLowerCase();
	const value = line
		.slice(line.indexOf(':', nameEnd) + 1)
		.replace(/\r?\n|\r/g, '')
		.trim();
	const values = fields.get(name);
	if (values) values.push(value);
	else fields.set(name, [value]);
}

/**
 * The fields of a header, unfolded (RFC 5322 section 2.2.3). Lines that are no fields are left out.
 * @param limit most fields that are read, besides `headerLimits`
 */
export function readHeaderFields(
	bytes: Buffer,
	block: HeaderBlock,
	newline: number,
	limit: number = headerLimits.fields
): HeaderFields {
	const fields = new Map<string, string[]>();
	const blockEnd = Math.min(block.end, block.start + headerLimits.bytes);
	const most = Math.min(limit, headerLimits.fields);
	let count = 0;
	let fieldStart = -1;
	let nameEnd = -1;
	const close = (end: number): void => {
		if (fieldStart < 0 || count >= most) return;
		addField(fields, bytes.toString('latin1', fieldStart, end), nameEnd - fieldStart);
		count += 1;
		fieldStart = -1;
	};
	let line = block.start;
	while (line < blockEnd && count < most) {
		const found = bytes.indexOf(newline, line);
		const lineEnd = found < 0 || found > blockEnd ? blockEnd : found;
		const first = bytes[line];
		if (first !== space && first !== tab) {
			close(line);
			nameEnd = fieldNameEnd(bytes, line, lineEnd);
			if (nameEnd >= 0) fieldStart = line;
		}
		line = lineEnd + 1;
	}
	close(blockEnd);
	return fields;
}

/** The value of the first field of that name (lower case); empty where there is none. */
export function fieldValue(fields: HeaderFields, name: string): string {
	return fields.get(name)?.[0] ?? '';
}

/** All fields of that name as one list, as if their values stood in one field. */
export function listValue(fields: HeaderFields, name: string): string {
	return fields.get(name)?.join(', ') ?? '';
}
