import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '#schema/mail/address.ts';
import { summaryLimits } from '#schema/mail/summary.ts';
import { Chance } from '#schema/trial/chance.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { corpusFile, corpusFiles, haveCorpora, tellWithoutCorpora } from '../../e2e/outside/corpora.ts';
import { decodeAs, parseMessage, readPart, type ParsedMessage } from './parse.ts';

const firstSeed = seedOfRun('parser');

/** What breaks parsers: delimiters, quotes, encodings and half of each. */
const splinters = [
	...[
		'\r\n',
		'\n',
		'\r',
		'\r\n\r\n',
		'--',
		'"',
		'\\',
		'(',
		')',
		'<',
		'>',
		'@',
		',',
		';',
		':',
		'=',
		'=?',
		'?=',
		'\0',
		'\x1b$B'
	],
	...[
		'=?utf-8?B?',
		'=?gb2312?Q?=C4',
		'=C4=E3',
		'\xc4\xe3',
		'\xff\xfe',
		'\xef\xbb\xbf',
		'\x0e',
		'~{',
		'+AGE-',
		'&#x',
		'<!--',
		'<style>'
	],
	...[
		'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n',
		'Content-Type: message/rfc822\r\n\r\n',
		'--b\r\n',
		'--b--\r\n'
	],
	...[
		'Content-Transfer-Encoding: base64\r\n',
		'Content-Transfer-Encoding: quoted-printable\r\n',
		'begin 644 x\r\n'
	],
	...[
		"; filename*0*=utf-8''%E4",
		'; name="',
		'; charset=utf-16',
		'; charset=utf-7',
		'; charset=iso-2022-kr',
		'From ',
		'Re: ['
	]
].map((text) => Buffer.from(text, 'latin1'));

function mutate(message: Buffer, others: readonly Buffer[], chance: Chance): Buffer {
	const at = chance.below(message.length + 1);
	const length = chance.below(Math.min(400, message.length - at + 1));
	const before = message.subarray(0, at);
	const after = message.subarray(at + length);
	switch (chance.below(7)) {
		case 0:
			return Buffer.concat([before, after]);
		case 1:
			return Buffer.concat([before, splinters[chance.below(splinters.length)]!, message.subarray(at)]);
		case 2: {
			const other = others[chance.below(others.length)]!;
			const from = chance.below(other.length + 1);
			return Buffer.concat([before, other.subarray(from, from + chance.below(2000)), after]);
		}
		case 3: {
			const copy = Buffer.from(message);
			for (let count = 1 + chance.below(20); count > 0 && copy.length > 0; count -= 1)
				copy[chance.below(copy.length)] = chance.below(256);
			return copy;
		}
		case 4:
			return Buffer.concat([
				before,
				...Array.from({ length: chance.below(30) }, () => message.subarray(at, at + length)),
				after
			]);
		case 5:
			return before;
		default:
			return Buffer.concat([message, splinters[chance.below(splinters.length)]!, message.subarray(at)]);
	}
}

/** Messages to begin with: those of the corpus, or where it is absent a few that have some of everything. */
function beginnings(): Buffer[] {
	if (!haveCorpora) {
		tellWithoutCorpora('The parser is begun on a few made messages.');
		return [splinters, [...splinters].reverse()].map((parts) => Buffer.concat(parts));
	}
	return corpusFiles('mime')
		.filter((name) => /\.(eml|msg|txt)$/.test(name))
		.map((name) => corpusFile(name))
		.filter((message) => message.length < 20_000);
}

function isBounded({ summary, threadKeys, content }: ParsedMessage, size: number): void {
	expect(summary.size).toBe(size);
	expect(summary.subject.length).toBeLessThanOrEqual(summaryLimits.subject);
	expect(summary.snippet.length).toBeLessThanOrEqual(summaryLimits.snippet);
	for (const list of [summary.from, summary.to, summary.cc, summary.replyTo]) {
		expect(list.length).toBeLessThanOrEqual(summaryLimits.addresses);
		for (const { name, address } of list) {
			expect(name.length).toBeLessThanOrEqual(summaryLimits.name);
			expect(canonicalAddress(address).length).toBeLessThanOrEqual(1000);
		}
	}
	expect(threadKeys.references.length).toBeLessThanOrEqual(100);
	expect(content.parts.length).toBeLessThanOrEqual(1000);
	expect(Number.isNaN(summary.sentAt)).toBe(false);
	// What goes on the wire and into the store must be text: no halves of characters, no control characters in lines.
	const lines = [
		summary.subject,
		summary.snippet,
		...summary.from.map(({ name, address }) => name + address)
	];
	// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
	for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
	const whole = JSON.stringify([summary, threadKeys, content]);
	expect(whole.isWellFormed() && !/\\ud[89a-f]/.test(whole)).toBe(true);
}

function examine(message: Buffer): void {
	const parsed = parseMessage(message);
	expect(parsed.content.defects).not.toContain('unparsable');
	isBounded(parsed, message.length);
	for (const { section, type, filename, size } of parsed.content.parts.slice(0, 20)) {
		const part = readPart(message, section);
		expect([part?.type, part?.filename, part?.bytes.length]).toEqual([type, filename, size]);
	}
	isBounded(decodeAs(message, 'big5'), message.length);
}

describe('broken messages', () => {
	const originals = beginnings();

	it(`[M1] [M2] are parsed, whatever is broken about them (HONGYAN_SEED=${String(firstSeed)})`, () => {
		for (let seed = firstSeed; seed < firstSeed + 3000; seed += 1) {
			const chance = new Chance(seed);
			let message = originals[chance.below(originals.length)]!;
			for (let count = 1 + chance.below(6); count > 0; count -= 1)
				message = mutate(message, originals, chance);
			try {
				examine(message);
			} catch (error) {
				throw new Error(`HONGYAN_SEED=${String(seed)} makes a message of ${String(message.length)} bytes`, {
					cause: error
				});
			}
		}
	});

	it(`[M1] may be made of rubbish alone (HONGYAN_SEED=${String(firstSeed)})`, () => {
		for (let seed = firstSeed; seed < firstSeed + 1000; seed += 1) {
			const chance = new Chance(seed);
			const pieces = Array.from(
				{ length: chance.below(40) },
				() => splinters[chance.below(splinters.length)]!
			);
			try {
				examine(Buffer.concat(pieces));
			} catch (error) {
				throw new Error(`HONGYAN_SEED=${String(seed)}`, { cause: error });
			}
		}
	});
});
