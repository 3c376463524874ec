/**
 * 7-bit encodings that hold a double-byte set between shifts: HZ (RFC 1843), ISO-2022-KR (RFC 1557) and the part
 * of ISO-2022-CN (RFC 1922) that is GB 2312. Each becomes its 8-bit twin by setting the high bit. Own code:
 * `TextDecoder` refuses them (browsers dropped them for safety of HTML, which is cleaned after this) and iconv-lite
 * has none of them.
 */
import type { ShiftedCharset } from './charset-labels.ts';

const shiftOut = 14;
const shiftIn = 15;
const lineFeed = 10;
const escape = 27;
const tilde = 126;

/** ISO 2022: SO … SI shift; `ESC $ ) x` and its like name the set and are no text. A line end shifts back. */
function raise2022(bytes: Uint8Array): Buffer {
	const output = Buffer.allocUnsafe(bytes.length);
	let length = 0;
	let shifted = false;
	for (let offset = 0; offset < bytes.length; offset += 1) {
		const byte = bytes[offset] ?? 0;
		if (byte === escape && bytes[offset + 1] === 36) offset += 3;
		else if (byte === shiftOut) shifted = true;
		else if (byte === shiftIn) shifted = false;
		else {
			if (byte === lineFeed) shifted = false;
			output[length++] = shifted && byte > 32 && byte < 127 ? byte | 128 : byte;
		}
	}
	return output.subarray(0, length);
}

/** HZ: `~{` and `~}` shift, `~~` is a tilde, `~` before a line end joins the lines. */
function raiseHz(bytes: Uint8Array): Buffer {
	const output = Buffer.allocUnsafe(bytes.length);
	let length = 0;
	let shifted = false;
	for (let offset = 0; offset < bytes.length; offset += 1) {
		const byte = bytes[offset] ?? 0;
		if (byte === tilde) {
			const next = bytes[offset + 1];
			offset += 1;
			if (next === 123) shifted = true;
			else if (next === 125) shifted = false;
			else if (next === tilde) output[length++] = tilde;
			else if (next !== lineFeed) {
				output[length++] = tilde;
				offset -= 1;
			}
			continue;
		}
		if (byte === lineFeed) shifted = false;
		output[length++] = shifted && byte > 32 && byte < 127 ? byte | 128 : byte;
	}
	return output.subarray(0, length);
}

/** Decodes one of the shifted encodings; bytes that are none become U+FFFD. */
export function decodeShifted(bytes: Uint8Array, charset: ShiftedCharset): string {
	switch (charset) {
		case 'hz-gb-2312':
			return new TextDecoder('gb18030').decode(raiseHz(bytes));
		case 'iso-2022-kr':
			return new TextDecoder('euc-kr').decode(raise2022(bytes));
		case 'iso-2022-cn':
			return new TextDecoder('gb18030').decode(raise2022(bytes));
	}
}
