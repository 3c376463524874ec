/**
 * Content-Transfer-Encoding (RFC 2045 section 6). Own code, because what is wanted besides the bytes is their
 * number without making them, and whether the encoding was broken; the libraries give neither.
 */

export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable' | 'uuencode';

/** The encoding a field value names; null where it names none that is known (read then as it is). */
export function transferEncodingOf(value: string): TransferEncoding | null {
	const token = /^[\s"']*([^\s;,"'()]*)/.exec(value)?.[1]?.toLowerCase() ?? '';
	switch (token) {
		case '':
		case '7bit':
		case '8bit':
		case 'binary':
			return 'identity';
		case 'base64':
		case 'b':
			return 'base64';
		case 'quoted-printable':
		case 'q':
			return 'quoted-printable';
		case 'uuencode':
		case 'x-uuencode':
		case 'uue':
		case 'x-uue':
			return 'uuencode';
		default:
			return null;
	}
}

const alphabet = 1;
const padding = 2;
const rubbish = 3;

/** What each byte is in base64: 0 is white space. */
const base64Class = new Uint8Array(256).fill(rubbish);
for (const character of ' \t\r\n\f\v') base64Class[character.charCodeAt(0)] = 0;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
	base64Class[character.charCodeAt(0)] = alphabet;
}
base64Class[61] = padding;

interface Base64Extent {
	/** Characters of the alphabet up to the end. */
	readonly characters: number;
	/** Offset at which the data ends: RFC 2045 section 6.8 lets the padding end it. */
	readonly end: number;
	/** Characters that do not belong there; a decoder has to pass over them. */
	readonly strays: number;
}

function measureBase64(bytes: Uint8Array): Base64Extent {
	let characters = 0;
	let strays = 0;
	let pads = 0;
	for (let offset = 0; offset < bytes.length; offset += 1) {
		const kind = base64Class[bytes[offset] ?? 0];
		if (kind === alphabet) {
			characters += 1;
			strays += pads;
			pads = 0;
		} else if (kind === padding) {
			const place = characters % 4;
			pads += 1;
			if (place >= 2 && place + pads >= 4) return { characters, end: offset, strays };
		} else if (kind === rubbish) strays += 1;
	}
	return { characters, end: bytes.length, strays: strays + pads };
}

function decodeBase64(bytes: Buffer): Buffer {
	const { end, strays } = measureBase64(bytes);
	const text = bytes.toString('latin1', 0, end);
	return Buffer.from(strays > 0 ? text.replace(/[^A-Za-z0-9+/]+/g, '') : text, 'base64');
}

const hexValue = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit += 1) {
	const character = digit.toString(16);
	hexValue[character.charCodeAt(0)] = digit;
	hexValue[character.toUpperCase().charCodeAt(0)] = digit;
}

const equals = 61;
const lineFeed = 10;
const carriageReturn = 13;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

/** Offset behind the white space and the line end that follow `offset`, or -1 where other text follows. */
function behindLineEnd(bytes: Uint8Array, offset: number): number {
	let place = offset;
	while (isBlank(bytes[place])) place += 1;
	if (place >= bytes.length) return place;
	if (bytes[place] === carriageReturn && bytes[place + 1] === lineFeed) return place + 2;
	return bytes[place] === lineFeed ? place + 1 : -1;
}

/** Undoes quoted-printable into `output` (as long as the input at least); the number of bytes it came to. */
function decodeQuotedPrintableInto(bytes: Uint8Array, output: Uint8Array): number {
	let length = 0;
	/** Where the output's trailing white space begins: it is no content before a line end (rule 3). */
	let solid = 0;
	for (let offset = 0; offset < bytes.length; offset += 1) {
		const byte = bytes[offset] ?? 0;
		if (byte === equals) {
			const high = hexValue[bytes[offset + 1] ?? 0] ?? -1;
			const low = hexValue[bytes[offset + 2] ?? 0] ?? -1;
			if (high >= 0 && low >= 0) {
				output[length++] = high * 16 + low;
				solid = length;
				offset += 2;
				continue;
			}
			const next = behindLineEnd(bytes, offset + 1);
			if (next >= 0) {
				solid = length;
				offset = next - 1;
				continue;
			}
		}
		if (byte === lineFeed) {
			const returned = bytes[offset - 1] === carriageReturn && length > solid;
			if (returned) length -= 1;
			while (length > solid && isBlank(output[length - 1])) length -= 1;
			if (returned) output[length++] = carriageReturn;
		}
		output[length++] = byte;
		if (byte === lineFeed) solid = length;
	}
	while (length > solid && isBlank(output[length - 1])) length -= 1;
	return length;
}

function decodeQuotedPrintable(bytes: Buffer): Buffer {
	const output = Buffer.allocUnsafe(bytes.length);
	return output.subarray(0, decodeQuotedPrintableInto(bytes, output));
}

/** The bytes of one line of uuencoded text (POSIX.1 uuencode, historical algorithm). */
function uuLine(line: string, output: number[]): void {
	const count = (line.charCodeAt(0) - 32) & 63;
	const sixBits = (place: number): number => (place < line.length ? (line.charCodeAt(place) - 32) & 63 : 0);
	for (let byte = 0, place = 1; byte < count; byte += 3, place += 4) {
		const group =
			(sixBits(place) << 18) | (sixBits(place + 1) << 12) | (sixBits(place + 2) << 6) | sixBits(place + 3);
		output.push(group >> 16);
		if (byte + 1 < count) output.push((group >> 8) & 255);
		if (byte + 2 < count) output.push(group & 255);
	}
}

function decodeUuencoded(bytes: Buffer): Buffer {
	const lines = bytes.toString('latin1').split(/\r?\n/);
	const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line));
	if (begin < 0) return bytes;
	const decoded: Buffer[] = [];
	for (const line of lines.slice(begin + 1)) {
		if (line === 'end') break;
		const output: number[] = [];
		if (line.length > 0) uuLine(line, output);
		decoded.push(Buffer.from(output));
	}
	return Buffer.concat(decoded);
}

/** The bytes that were encoded; what is broken is passed over. May share memory with the input. */
export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding): Buffer {
	switch (encoding) {
		case 'identity':
			return bytes;
		case 'base64':
			return decodeBase64(bytes);
		case 'quoted-printable':
			return decodeQuotedPrintable(bytes);
		case 'uuencode':
			return decodeUuencoded(bytes);
	}
}

/** How many bytes `decodeTransfer` would give; for base64 it is counted without making them. */
export function decodedSize(bytes: Buffer, encoding: TransferEncoding): number {
	if (encoding !== 'base64') return decodeTransfer(bytes, encoding).length;
	return Math.floor((measureBase64(bytes).characters * 6) / 8);
}

/** Whether base64 holds characters that do not belong there, or is cut short in a group of four. */
export function isBrokenTransfer(bytes: Buffer, encoding: TransferEncoding): boolean {
	if (encoding !== 'base64') return false;
	const { characters, strays } = measureBase64(bytes);
	return strays > 0 || characters % 4 === 1;
}
