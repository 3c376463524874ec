/**
 * Decodes by the name of a table. `TextDecoder` (ICU) does, except where iconv-lite knows more: ICU's Big5 has no
 * ETEN and HKSCS rows and its EUC-KR none of code page 949, both of which real mail uses.
 */
import iconv from 'iconv-lite';

const richerTables: ReadonlyMap<string, string> = new Map([
	['big5', 'big5'],
	['euc-kr', 'cp949']
]);

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

/**
 * Leaves out escape sequences that another follows at once. Texts that were joined have them, and the Encoding Standard
 * would put U+FFFD for each.
 */
function withoutEmptyShifts(bytes: Uint8Array): Buffer {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
	// eslint-disable-next-line no-control-regex -- escape sequences begin with one
	return Buffer.from(text.replace(/(?:\x1b[$(][@-J])+(?=\x1b[$(])/g, ''), 'latin1');
}

const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const finals = 'ㅤㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ';

/** Puts syllables together that are spelled as filler and three letters, as KS X 1001 (annex 3) writes rare ones. */
function composeSyllables(text: string): string {
	return text.replace(
		/\u3164([ㄱ-ㅎ])([ㅏ-ㅣ])([ㄱ-ㅎ\u3164])/g,
		(spelled, initial: string, medial: string, final: string) => {
			const [first, last] = [initials.indexOf(initial), finals.indexOf(final)];
			if (first < 0 || last < 0) return spelled;
			return String.fromCharCode(0xac00 + (first * 21 + medial.charCodeAt(0) - 0x314f) * 28 + last);
		}
	);
}

/** Text of bytes in an encoding of the WHATWG Encoding Standard; what is undecodable becomes U+FFFD. */
export function decodeNamed(bytes: Uint8Array, name: string): string {
	const richer = richerTables.get(name);
	if (richer !== undefined) {
		const text = iconv.decode(bytes, richer);
		return name === 'euc-kr' ? composeSyllables(text) : text;
	}
	let decoder = decoders.get(name);
	if (!decoder) {
		decoder = new TextDecoder(name);
		decoders.set(name, decoder);
	}
	return decoder.decode(name === 'iso-2022-jp' ? withoutEmptyShifts(bytes) : bytes);
}
