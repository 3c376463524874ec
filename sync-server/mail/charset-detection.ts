/**
 * Finds the encoding of 8-bit text that carries no label, or a wrong one. Own code: the known detector of Big5 and
 * GB 18030, jschardet, is LGPL. Each candidate decodes a sample, which is then judged character by character:
 * frequent characters speak for it, rare and impossible ones against it. The best mean wins.
 */
import {
	frequentCyrillic,
	frequentHangul,
	frequentKanji,
	frequentSimplified,
	frequentTraditional
} from './character-frequency.ts';
import { decodeNamed } from './charset-tables.ts';

/** Encodings that are told apart, in the order in which they are preferred when nothing speaks for one. */
export const detectable = [
	'gb18030',
	'big5',
	'shift_jis',
	'euc-jp',
	'euc-kr',
	'windows-1252',
	'windows-1251',
	'koi8-r'
] as const;
export type Detectable = (typeof detectable)[number];

/** Bytes that are judged to find an encoding, and to doubt one; more would not change the answer. */
const sampleBytes = { detect: 2000, doubt: 1000 } as const;

/**
 * What speaks for an encoding beforehand: the rest of the message (`hint`), or the label of the very text (`label`).
 * In worth beside the mean of the characters; the fewer bytes speak, the more it counts.
 */
export type Strength = 'hint' | 'label';
const expectationWorth: Readonly<Record<Strength, (highBytes: number) => number>> = {
	hint: (highBytes) => 0.8 + 4 / highBytes,
	label: (highBytes) => 1.2 + 8 / highBytes
};

type Judge = (point: number, before: number, after: number) => number;

const isHan = (point: number): boolean =>
	(point >= 0x4e00 && point <= 0x9fff) || (point >= 0x3400 && point <= 0x4dbf) || point >= 0x20000;
const isKana = (point: number): boolean => point >= 0x3041 && point <= 0x30fe;
const isHangul = (point: number): boolean => point >= 0xac00 && point <= 0xd7a3;
const isAsciiLetter = (point: number): boolean => (point | 32) >= 97 && (point | 32) <= 122;

const pointsOf = (text: string): ReadonlySet<number> =>
	new Set([...text].map((character) => character.codePointAt(0) ?? 0));

/** All characters of a block of rows in a double-byte table, such as the 3,755 of GB 2312 level 1. */
function tableRows(
	charset: string,
	first: number,
	last: number,
	trails: readonly number[]
): ReadonlySet<number> {
	const bytes: number[] = [];
	for (let lead = first; lead <= last; lead += 1) for (const trail of trails) bytes.push(lead, trail);
	return pointsOf(decodeNamed(Uint8Array.from(bytes), charset));
}

const range = (first: number, last: number): number[] =>
	Array.from({ length: last - first + 1 }, (_, place) => first + place);

/** Characters no text in any encoding has: undecodable, private use, C1 controls. */
function impossible(point: number): number {
	if (point === 0xfffd) return -8;
	if (point >= 0xe000 && point <= 0xf8ff) return -4;
	return point < 0xa0 ? -4 : 0;
}

/** Ideographic and full-width punctuation, with the two marks of a clause before all. */
function punctuation(point: number): number {
	if (point === 0x3001 || point === 0x3002 || point === 0xff0c || point === 0xff01) return 2;
	if ((point >= 0x3000 && point <= 0x303f) || (point >= 0xff01 && point <= 0xff5e)) return 1;
	return 0;
}

interface Hanzi {
	readonly frequent: ReadonlySet<number>;
	/** The first level of the standard: what ordinary text is written with. */
	readonly common: ReadonlySet<number>;
	/** The second level. */
	readonly rare: ReadonlySet<number>;
}

function judgeHan(point: number, hanzi: Hanzi): number {
	if (hanzi.frequent.has(point)) return 3;
	if (hanzi.common.has(point)) return 1;
	return hanzi.rare.has(point) ? -1 : -2;
}

function chinese(hanzi: Hanzi): Judge {
	return (point) => {
		const never = impossible(point);
		if (never !== 0) return never;
		if (isHan(point)) return judgeHan(point, hanzi);
		if (isKana(point)) return -0.5;
		return punctuation(point) || -1;
	};
}

function japanese(hanzi: Hanzi): Judge {
	return (point) => {
		const never = impossible(point);
		if (never !== 0) return never;
		if (isKana(point)) return 3;
		if (isHan(point)) return judgeHan(point, hanzi);
		if (point >= 0xff61 && point <= 0xff9f) return -1.5;
		return punctuation(point) || -1;
	};
}

function korean(frequent: ReadonlySet<number>, common: ReadonlySet<number>): Judge {
	return (point) => {
		const never = impossible(point);
		if (never !== 0) return never;
		if (isHangul(point)) return frequent.has(point) ? 3 : common.has(point) ? 0.8 : -2;
		if (isHan(point)) return -1.5;
		return punctuation(point) || -1;
	};
}

/** Marks of western text that are no ASCII. */
const westernMarks = pointsOf('‘’“”„‚–—…•€\u00a0©®™°«»£·¿¡ºª§');

/** Western letters stand among ASCII letters, seldom two together; runs of them are another encoding. */
const western: Judge = (point, before, after) => {
	const never = impossible(point);
	if (never !== 0) return never;
	const apart = before < 128 && after < 128;
	if (westernMarks.has(point)) return apart ? 1.2 : before < 128 || after < 128 ? 0.5 : -1.5;
	if (point < 0xc0 || point > 0x17f || point === 0xd7 || point === 0xf7) return -1.5;
	if (isAsciiLetter(before) || isAsciiLetter(after)) return apart ? 2 : 0.5;
	if (apart) return 1;
	return point >= 0xdf ? 0 : -2;
};

const cyrillicLetters = pointsOf(frequentCyrillic);

/** Russian letters keep to themselves; a capital after a small letter is another encoding. */
const russian: Judge = (point, before, after) => {
	const never = impossible(point);
	if (never !== 0) return never;
	if (isAsciiLetter(before) || isAsciiLetter(after)) return -1.5;
	const afterSmall = before >= 0x430 && before <= 0x45f;
	if (cyrillicLetters.has(point)) return 1.5;
	if (point >= 0x410 && point <= 0x42f) return afterSmall ? -2 : 0.8;
	return -1.5;
};

const highTrails = range(0xa1, 0xfe);
const big5Trails = [...range(0x40, 0x7e), ...highTrails];

/** Made when the first undeclared text comes: the tables of levels cost a few milliseconds. */
function makeJudges(): Record<Detectable, Judge> {
	const kanji: Hanzi = {
		frequent: pointsOf(frequentKanji),
		common: tableRows('euc-jp', 0xb0, 0xcf, highTrails),
		rare: tableRows('euc-jp', 0xd0, 0xf4, highTrails)
	};
	return {
		gb18030: chinese({
			frequent: pointsOf(frequentSimplified),
			// Traditional Chinese is written in GBK too.
			common: new Set([...tableRows('gb18030', 0xb0, 0xd7, highTrails), ...pointsOf(frequentTraditional)]),
			rare: tableRows('gb18030', 0xd8, 0xf7, highTrails)
		}),
		big5: chinese({
			frequent: pointsOf(frequentTraditional),
			common: tableRows('big5', 0xa4, 0xc6, big5Trails),
			rare: tableRows('big5', 0xc9, 0xf9, big5Trails)
		}),
		shift_jis: japanese(kanji),
		'euc-jp': japanese(kanji),
		'euc-kr': korean(pointsOf(frequentHangul), tableRows('euc-kr', 0xb0, 0xc8, highTrails)),
		'windows-1252': western,
		'windows-1251': russian,
		'koi8-r': russian
	};
}

let judges: Record<Detectable, Judge> | null = null;

/** The part of the bytes that is judged. */
interface Sample {
	readonly bytes: Uint8Array;
	/** Whether the text goes on, so that the sample may end within a character. */
	readonly cut: boolean;
}

/** From the first 8-bit byte on, with the one before it. */
function sampleOf(bytes: Uint8Array, limit: number): Sample {
	const first = bytes.findIndex((byte) => byte > 127);
	if (first < 0) return { bytes: bytes.subarray(0, 0), cut: false };
	const start = Math.max(0, first - 1);
	return { bytes: bytes.subarray(start, start + limit), cut: start + limit < bytes.length };
}

/** Mean judgement of the characters beyond ASCII, from -8 (not this encoding) to 3; -8 where there are none. */
function quality(sample: Sample, charset: Detectable): number {
	judges ??= makeJudges();
	const judge = judges[charset];
	const text = decodeNamed(sample.bytes, charset);
	let total = 0;
	let count = 0;
	let before = 32;
	for (let place = 0; place < text.length; place += 1) {
		const point = text.codePointAt(place) ?? 0;
		if (point > 0xffff) place += 1;
		const cutOff = point === 0xfffd && sample.cut && place >= text.length - 2;
		if (point > 127 && !cutOff) {
			total += judge(point, before, place + 1 < text.length ? text.charCodeAt(place + 1) : 32);
			count += 1;
		}
		before = point;
	}
	return count === 0 ? -8 : total / count;
}

/** What was found. */
export interface Detection {
	readonly charset: Detectable;
	/** Mean judgement of the characters, from -8 to 3, without the expectation. */
	readonly quality: number;
}

/**
 * The encoding of 8-bit bytes that are not UTF-8. `expected` is the charset that a label or the rest of the message
 * speaks for; it decides where the characters do not.
 */
export function detectCharset(
	bytes: Uint8Array,
	expected: string | null,
	strength: Strength = 'hint'
): Detection {
	const sample = sampleOf(bytes, sampleBytes.detect);
	const highBytes = sample.bytes.reduce((count, byte) => (byte > 127 ? count + 1 : count), 1);
	const worthOfExpected = expectationWorth[strength](highBytes);
	let best: Detectable = 'gb18030';
	let bestWorth = -Infinity;
	let bestQuality = -8;
	for (const charset of detectable) {
		const found = quality(sample, charset);
		const worth = found + (charset === expected ? worthOfExpected : 0);
		if (worth <= bestWorth) continue;
		best = charset;
		bestWorth = worth;
		bestQuality = found;
	}
	return { charset: best, quality: bestQuality };
}

/** How well the bytes read in one encoding (see `Detection.quality`). */
export function qualityOf(bytes: Uint8Array, charset: Detectable): number {
	return quality(sampleOf(bytes, sampleBytes.doubt), charset);
}
