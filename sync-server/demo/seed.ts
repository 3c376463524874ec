import { existsSync } from 'node:fs';
import path from 'node:path';
import type { EnvelopeId } from '#schema/ids.ts';
import { systemMailbox, type Keyword, type MailboxRole } from '#schema/mail/mailbox.ts';
import { directoryPath } from '../accounts/directory.ts';
import type { Configuration } from '../config.ts';
import type { Core } from '../core.ts';
import type { ParsedMessage } from '../mail/parse.ts';
import type { ParserPool } from '../mail/parser-pool.ts';
import { composeMessage, sentAt } from './compose.ts';
import type { Letter } from './letter.ts';
import { customerLetters } from './letters/customers.ts';
import { officeLetters } from './letters/office.ts';
import { releaseLetters } from './letters/release.ts';
import {
	addressOf,
	colleagueNames,
	colleagues,
	demonstrationPassword,
	departments,
	isColleague,
	type ColleagueName
} from './people.ts';
import { readProgress, writeProgress, type Progress } from './progress.ts';

/** A demonstration to be seeded, or that is there already. */
export interface Seeding {
	readonly data: string;
	readonly progress: Progress;
}

/** Somebody to sign in as. */
export interface DemonstrationSignIn {
	readonly name: string;
	readonly address: string;
}

/** Letters younger than this are unread where nobody answered them; older ones were read. Milliseconds. */
const freshFor = 20 * 3_600_000;

/** All letters of the demonstration. */
export const letters: readonly Letter[] = [...releaseLetters, ...customerLetters, ...officeLetters];

/** Whether only this machine can come in, and nothing goes out. */
export function isPrivate({ host, publicUrl, smarthost }: Configuration): boolean {
	const isLoopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
	return isLoopback && publicUrl === null && smarthost === null;
}

/**
 * Decides, before the data folder is opened, whether the demonstration belongs in it: always where the
 * configuration says so, else where the folder is empty or was begun with it. Its password is known to everybody,
 * so a server that others can reach, or that sends letters out, gets it only where it is asked for. What is begun
 * is remembered first, so that a seeding that was interrupted is taken up again.
 */
export function planSeeding(configuration: Configuration, now: number): Seeding | null {
	const { data, demo } = configuration;
	if (demo === false) return null;
	const progress = readProgress(data);
	if (progress !== null) return { data, progress };
	const isEmpty = !existsSync(path.join(data, directoryPath));
	if (demo === null && !(isEmpty && isPrivate(configuration))) return null;
	const begun = { startedAt: now, isDone: false };
	writeProgress(data, begun);
	return { data, progress: begun };
}

/** Seeds the demonstration, as far as it is not there yet, and answers who can sign in. */
export async function seedDemonstration(
	core: Core,
	parser: Pick<ParserPool, 'parse'>,
	{ data, progress }: Seeding
): Promise<readonly DemonstrationSignIn[]> {
	const domain = core.organisation.domains[0] ?? '';
	if (!progress.isDone) {
		await addColleagues(core, domain);
		await deliverLetters(core, parser, { domain, now: progress.startedAt });
		writeProgress(data, { ...progress, isDone: true });
	}
	return colleagueNames.map((name) => addressOf(name, domain));
}

async function addColleagues({ directory, makeSpace }: Core, domain: string): Promise<void> {
	for (const department of departments) await directory.putDepartment(department);
	for (const person of colleagueNames) {
		const { name, department, title, aliases } = colleagues[person];
		const alias = aliases.map((local) => ({ name, address: `${local}@${domain}` }));
		const identities = [addressOf(person, domain), ...alias] as const;
		await directory.addPerson(
			{ name, department, title, password: demonstrationPassword, identities },
			makeSpace
		);
	}
}

interface Surroundings {
	readonly domain: string;
	readonly now: number;
}

/** Places each letter with everybody of the company who wrote or got it, oldest first. */
async function deliverLetters(
	core: Core,
	parser: Pick<ParserPool, 'parse'>,
	where: Surroundings
): Promise<void> {
	const byId = new Map(letters.map((letter) => [letter.id, letter]));
	const inOrder = letters.toSorted(
		(left, right) => sentAt(left.sent, where.now) - sentAt(right.sent, where.now)
	);
	for (const letter of inOrder) {
		const bytes = await composeMessage(letter, byId, where);
		const parsed = await parser.parse(bytes);
		for (const reader of readersOf(letter)) {
			await place(core, letter, reader, { parsed, body: { kind: 'inline', bytes } }, where);
		}
	}
}

function readersOf({ from, to, cc = [] }: Letter): ColleagueName[] {
	return [...new Set([from, ...to, ...cc])].filter(isColleague);
}

interface PlacedContent {
	readonly parsed: ParsedMessage;
	readonly body: { readonly kind: 'inline'; readonly bytes: Uint8Array };
}

async function place(
	core: Core,
	letter: Letter,
	reader: ColleagueName,
	content: PlacedContent,
	{ domain, now }: Surroundings
): Promise<void> {
	const { address } = addressOf(reader, domain);
	const resolution = await core.directory.resolveRecipient(address);
	if (resolution.kind !== 'inside') return;
	const { mailbox, keywords } = readingOf(letter, reader, now);
	await core.space(resolution.space).call('place', {
		envelope: `demonstration-${letter.id}` as EnvelopeId,
		recipient: address,
		receivedAt: sentAt(letter.sent, now) + 2_000,
		mailbox: systemMailbox(mailbox),
		keywords,
		...content
	});
}

/** Where a letter lies for a reader, and what it is marked with. */
export function readingOf(
	letter: Letter,
	reader: ColleagueName,
	now: number
): { readonly mailbox: MailboxRole; readonly keywords: readonly Keyword[] } {
	if (letter.from === reader) return { mailbox: 'sent', keywords: ['$seen'] };
	const { mailbox = 'inbox', keywords = [], unread = false } = letter.readings?.[reader] ?? {};
	const isAnswered = letters.some(({ answers, from }) => answers === letter.id && from === reader);
	const isOld = now - sentAt(letter.sent, now) > freshFor;
	const isSeen = !unread && (isOld || isAnswered);
	return {
		mailbox,
		keywords: [
			...(isSeen ? (['$seen'] as const) : []),
			...(isAnswered ? (['$answered'] as const) : []),
			...keywords
		]
	};
}
