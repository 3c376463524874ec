import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Keyword } from '#schema/mail/mailbox.ts';
import { mailboxOf } from './folder-names.ts';
import { headerDate } from './header-date.ts';
import type { MessageSource, SourceMessage } from './source.ts';

const newline = 10;
const carriageReturn = 13;
/** A separator line with a date, as all writers but a few make it (RFC 4155, appendix A). */
const dated =
	/^From .*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2}|\d{1,2} +\w{3}) .*\d/;
/** A separator line without one: only a sender, and only behind an empty line. */
const undated = /^From (?:-|\S+@\S+|MAILER-DAEMON)\s*$/;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * An mbox file, however large: read as a stream, one message in memory at a time. A line that begins with `From ` is
 * a separator where it has a date, or where it has only a sender and an empty line before it; `>From ` is unquoted
 * by one `>` (mboxrd). Other `From ` lines are text.
 */
export function mboxSource(file: string): MessageSource {
	return { total: null, messages: messagesOf(file) };
}

async function* messagesOf(file: string): AsyncGenerator<SourceMessage> {
	const mailbox = mailboxOf(path.basename(file).replace(/\.(?:mbox|txt|mbx)\b.*$/i, ''));
	let number = 0;
	for await (const { separator, lines } of split(linesOf(file))) {
		number += 1;
		const bytes = Buffer.concat(lines.map(unquoted));
		yield {
			origin: `${file} number ${number}`,
			size: bytes.byteLength,
			receivedAt: timeOf(separator) ?? headerDate(bytes.subarray(0, 16 << 10)) ?? Date.now(),
			mailbox,
			keywords: keywordsOf(bytes),
			read: async () => bytes
		};
	}
}

interface RawMessage {
	readonly separator: string;
	readonly lines: readonly Buffer[];
}

async function* split(lines: AsyncIterable<Buffer>): AsyncGenerator<RawMessage> {
	let separator: string | null = null;
	let collected: Buffer[] = [];
	let isBehindEmpty = true;
	for await (const line of lines) {
		if (isSeparator(line, isBehindEmpty)) {
			if (separator !== null) yield { separator, lines: withoutLastEmpty(collected) };
			separator = line.toString('latin1');
			collected = [];
		} else if (separator !== null) {
			collected.push(line);
		}
		isBehindEmpty = isEmpty(line);
	}
	if (separator !== null) yield { separator, lines: withoutLastEmpty(collected) };
}

/** Lines with their ends. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
	let rest: Buffer = Buffer.alloc(0);
	let isFirst = true;
	for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
		let bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
		if (isFirst && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
		isFirst = false;
		let start = 0;
		for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
			yield bytes.subarray(start, end + 1);
			start = end + 1;
		}
		rest = bytes.subarray(start);
	}
	if (rest.length > 0) yield rest;
}

function isSeparator(line: Buffer, isBehindEmpty: boolean): boolean {
	// Most lines are told by their first letter; only those few become text.
	if (line[0] !== 70 || line.length > 500) return false;
	const text = line.toString('latin1').trimEnd();
	return dated.test(text) || (isBehindEmpty && undated.test(text));
}

function isEmpty(line: Buffer): boolean {
	return line[0] === newline || (line[0] === carriageReturn && line[1] === newline);
}

/** The empty line before the next separator is the file's, not the message's. */
function withoutLastEmpty(lines: Buffer[]): readonly Buffer[] {
	const last = lines.at(-1);
	return last !== undefined && isEmpty(last) ? lines.slice(0, -1) : lines;
}

function unquoted(line: Buffer): Buffer {
	return line[0] === 62 && /^>+From /.test(line.subarray(0, 200).toString('latin1'))
		? line.subarray(1)
		: line;
}

const separatorDate =
	/\b(\w{3}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)(?: +([+-]\d{4}|[A-Z]{3,4}))? +(\d{4})(?: +([+-]\d{4}))?/;

/** The date of a separator line, milliseconds UTC; without a zone it is this machine's. */
function timeOf(separator: string): number | null {
	const match = separatorDate.exec(separator);
	if (match === null) return null;
	const [, month, day, time, zone, year, zoneBehind] = match;
	const parsed = Date.parse(`${day} ${month} ${year} ${time} ${zone ?? zoneBehind ?? ''}`.trim());
	return Number.isNaN(parsed) ? null : parsed;
}

/** What Status and X-Status say (the marks of mutt, pine and Dovecot); a message without them counts as seen. */
function keywordsOf(message: Buffer): Keyword[] {
	const header =
		message
			.subarray(0, 64 << 10)
			.toString('latin1')
			.split(/\r?\n\r?\n/, 1)[0] ?? '';
	const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\w*)`, 'im').exec(header)?.[1];
	const status = field('status');
	const marks = field('x-status') ?? '';
	const isSeen = status === undefined || status.includes('R');
	const keywords: (Keyword | false)[] = [
		isSeen && '$seen',
		marks.includes('F') && '$flagged',
		marks.includes('A') && '$answered'
	];
	return keywords.filter((keyword) => keyword !== false);
}
