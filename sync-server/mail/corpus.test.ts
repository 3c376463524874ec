import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, haveCorpora, tellWithoutCorpora } from '../../e2e/outside/corpora.ts';
import { decodeText } from './charset.ts';
import { corpusExceptions, type Aspect } from './trial/corpus-exceptions.ts';
import { headerText } from './header-text.ts';
import { parseMessage, readPart, type ParsedMessage } from './parse.ts';
import { entities, scanMessage, type Leaf } from './structure.ts';

tellWithoutCorpora('Messages of other projects are not read.');

/** A leaf as Python's `email` tells it; `sha256` is the beginning of the hash of the decoded bytes. */
interface PythonPart {
	readonly type: string;
	readonly filename: string | null;
	readonly size: number;
	readonly sha256: string;
}

/** What Python says of a message; U+FFFD stands for raw bytes that it does not decode. */
interface PythonView {
	readonly file: string;
	readonly subject: string | null;
	readonly from: unknown;
	readonly to: unknown;
	readonly parts: readonly PythonPart[];
}

type BodyStructure = readonly unknown[];

/** What Dovecot says of a message: ENVELOPE and BODYSTRUCTURE (RFC 3501 section 7.4.2); `\xNN` are raw bytes. */
interface DovecotView {
	readonly file: string;
	readonly envelope: readonly [date: unknown, subject: string | null, ...rest: unknown[]];
	readonly bodystructure: BodyStructure;
}

function lines<View>(file: string): View[] {
	if (!haveCorpora) return [];
	const text = corpusFile(`expected/${file}`).toString('utf8').trim();
	return text.split('\n').map((line) => JSON.parse(line) as View);
}

const dovecotViews = new Map(
	lines<DovecotView>('dovecot-envelope-bodystructure.jsonl').map((view) => [view.file, view])
);

/** The leaves of a BODYSTRUCTURE, in order. */
function dovecotLeaves(structure: BodyStructure): BodyStructure[] {
	if (typeof structure[0] !== 'string') {
		const children = structure.slice(
			0,
			structure.findIndex((item) => typeof item === 'string')
		);
		return children.flatMap((child) => dovecotLeaves(child as BodyStructure));
	}
	const type = `${structure[0]}/${String(structure[1])}`.toLowerCase();
	return type === 'message/rfc822' ? dovecotLeaves(structure[8] as BodyStructure) : [structure];
}

/** The value of `name` in a list of names and values. */
function listed(list: unknown, name: string): string | null {
	if (!Array.isArray(list)) return null;
	const place = list.findIndex((item) => typeof item === 'string' && item.toLowerCase() === name);
	return place < 0 ? null : String(list[place + 1]);
}

/** Whether Dovecot tells of a leaf what Python does, as far as it tells: it gives the encoded size, with CRLF. */
function isSameLeaf(leaf: BodyStructure, part: PythonPart): boolean {
	const [type, subtype, parameters, , , encoding, octets] = leaf;
	if (`${String(type)}/${String(subtype)}`.toLowerCase() !== part.type) return false;
	const isText = String(type).toLowerCase() === 'text';
	const disposition = leaf[isText ? 9 : 8];
	const extended = Array.isArray(disposition) ? listed(disposition[1], 'filename*') : null;
	const name =
		(Array.isArray(disposition) ? listed(disposition[1], 'filename') : null) ?? listed(parameters, 'name');
	if (extended === null && (name === null ? null : headerText(name, null)) !== part.filename) {
		if (folded(name) !== folded(part.filename)) return false;
	}
	if (!isText || !/^([78]bit|binary)$/i.test(String(encoding))) return true;
	return [part.size, part.size + Number(leaf[7])].includes(Number(octets));
}

function ourParts(file: string): PythonPart[] {
	const bytes = corpusFile(file);
	const leaves = [...entities(scanMessage(bytes).root)].filter(
		(entity): entity is Leaf => entity.kind === 'leaf'
	);
	return leaves.map(({ section }) => {
		const part = readPart(bytes, section)!;
		const sha256 = createHash('sha256').update(part.bytes).digest('hex').slice(0, 16);
		return { type: part.type, filename: part.filename, size: part.bytes.length, sha256 };
	});
}

const folded = (text: string | null): string => (text ?? '').replace(/[ \t\r\n]+/g, ' ').trim();
const isLossy = (text: string): boolean => /\ufffd|\\x[0-9a-f]{2}/.test(text);

/** Every address of a formatted list, in order; not those that are names. */
const addressesIn = (text: unknown): string[] =>
	typeof text === 'string'
		? [...text.replace(/"[^"]*" </g, '<').matchAll(/[^\s<>,"]+@[^\s<>,"]+/g)].map(([address]) => address)
		: [];

function dovecotAddresses(list: unknown): string[] {
	if (!Array.isArray(list)) return [];
	return (list as readonly (readonly (string | null)[])[])
		.filter(([, , mailbox, host]) => !/^MISSING_/.test(mailbox ?? '') && !/^MISSING_/.test(host ?? ''))
		.filter(([, , mailbox, host]) => mailbox !== null && host !== null)
		.map(([, , mailbox, host]) => `${mailbox ?? ''}@${host ?? ''}`);
}

const ourAddresses = (list: ParsedMessage['summary']['from']): string[] =>
	list.map(({ address }) => address).filter((address) => address.includes('@'));

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

interface Comparison {
	/** Where we differ from Python. */
	readonly differing: Aspect[];
	/** Whether Dovecot sees it as Python does. */
	readonly agreed: Readonly<Record<Aspect, boolean>>;
}

function compare(view: PythonView): Comparison {
	const { summary } = parseMessage(corpusFile(view.file));
	const dovecot = dovecotViews.get(view.file)!;
	const differing: Aspect[] = [];
	if (
		!same(
			ourParts(view.file),
			view.parts.map(({ type, filename, size, sha256 }) => ({ type, filename, size, sha256 }))
		)
	) {
		differing.push('leaves');
	}
	const subject = folded(view.subject);
	const subjectDiffers = subject !== folded(summary.subject);
	if (subjectDiffers && (!isLossy(subject) || isLossy(summary.subject))) differing.push('subject');
	const sides = [
		[view.from, dovecot.envelope[2], summary.from],
		[view.to, dovecot.envelope[5], summary.to]
	] as const;
	const wrong = sides.some(([python, , ours]) => {
		const [expected, found] = [addressesIn(python).slice(0, 20), ourAddresses(ours)];
		return isLossy(expected.join()) ? isLossy(found.join()) : !same(expected, found);
	});
	if (wrong) differing.push('addresses');
	const leaves = dovecotLeaves(dovecot.bodystructure);
	return {
		differing,
		agreed: {
			leaves:
				leaves.length === view.parts.length &&
				leaves.every((leaf, place) => isSameLeaf(leaf, view.parts[place]!)),
			subject: folded(headerText(dovecot.envelope[1] ?? '', null)) === subject,
			addresses: sides.every(([python, list]) => same(addressesIn(python), dovecotAddresses(list)))
		}
	};
}

describe.skipIf(!haveCorpora)('messages of other projects', () => {
	const views = lines<PythonView>('python-email-parts.jsonl');

	it.each(views.map((view) => [view.file, view] as const))(
		'[M1] [M6] %s is read as Python and Dovecot read it',
		(file, view) => {
			const { differing, agreed } = compare(view);
			const exception = corpusExceptions[file];
			expect(differing).toEqual(exception?.aspects ?? []);
			for (const aspect of exception?.aspects ?? []) {
				expect(agreed[aspect] ? 'standard' : 'ambiguous').toBe(exception?.verdict);
			}
		}
	);

	it('have no exception that is not in the corpus', () => {
		const known = new Set(views.map(({ file }) => file));
		expect(Object.keys(corpusExceptions).filter((file) => !known.has(file))).toEqual([]);
	});

	it.each(corpusFiles('mime/').concat(corpusFiles('charset/'), corpusFiles('auth/mailauth/')))(
		'[M1] %s is parsed, and every part of it can be read',
		(file) => {
			const bytes = corpusFile(file);
			const { content, summary } = parseMessage(bytes);
			expect(content.defects).not.toContain('unparsable');
			expect(summary.size).toBe(bytes.length);
			for (const part of content.parts) {
				const found = readPart(bytes, part.section);
				expect([found?.type, found?.filename, found?.bytes.length]).toEqual([
					part.type,
					part.filename,
					part.size
				]);
			}
		},
		5_000
	);
});

describe.skipIf(!haveCorpora)('texts in Chinese, Japanese and Korean', () => {
	it.each([
		['gb18030', 'gb18030'],
		['big5', 'big5'],
		['iso2022_jp', 'iso-2022-jp'],
		['shift_jis', 'shift_jis'],
		['euc_kr', 'euc-kr']
	])('[M8] [M9] %s is decoded, rightly labelled, wrongly, and not at all', (name, label) => {
		const bytes = corpusFile(`charset/cpython-cjk/${name}.txt`);
		const text = corpusFile(`charset/cpython-cjk/${name}.utf8.txt`).toString('utf8');
		for (const given of [label, null, 'us-ascii', 'utf-8', 'iso-8859-1', 'x-mystery']) {
			expect(decodeText(bytes, given).text).toBe(text);
		}
	});

	/** Base64 with rubbish in it: what was lost there cannot be found again. */
	const damaged = ['charset/spamassassin-cjk/spam-2-01072.eml'];

	it.each(corpusFiles('charset/spamassassin-cjk/'))('[M9] %s makes sense', (file) => {
		const { summary, content } = parseMessage(corpusFile(file));
		const names = summary.from.map(({ name, address }) => name + address).join(' ');
		const header = `${summary.subject} ${names}`;
		const text = `${content.text ?? ''}${content.html ?? ''}`;
		// Undecodable bytes, private use, and the letters that Latin 1 makes of anything.
		const nonsense = /[\ufffd\ue000-\uf8ff]|[\u00c0-\u00ff]{4}/;
		expect(header).not.toMatch(nonsense);
		if (!damaged.includes(file)) expect(text).not.toMatch(nonsense);
		expect(content.defects.filter((defect) => defect === 'unknown-charset')).toEqual([]);
	});
});
