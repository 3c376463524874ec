import { keywords } from '#schema/mail/mailbox.ts';
import type { DocumentId } from '#schema/ids.ts';
import { keywordBit } from '#lib/replica/state/column-block.ts';
import { readDocument } from '#lib/replica/drafts/document-store.ts';
import type { Tab } from './device.ts';
import { inDocument } from './draft-witness.ts';
import type { MailServer } from './mail-server.ts';
import { presentIn } from './world.ts';

/** What a person would see, in one shape for device and server. */
export interface Picture {
	/** By arrival: mailbox, thread, keywords that are set. */
	readonly messages: Readonly<Record<number, string>>;
	/** By subject and field. */
	readonly subjects: Readonly<Record<string, string>>;
	/** By document: words and files. */
	readonly texts: Readonly<Record<string, string>>;
	readonly submissions: Readonly<Record<string, string>>;
}

function textOf(updates: readonly Uint8Array[]): string {
	const { words, files } = inDocument(updates);
	return [...words, ...files].join(' ');
}

/** What a tab shows. */
export async function pictureOfTab(tab: Tab, documents: readonly DocumentId[]): Promise<Picture> {
	const { core, outboxMemory } = tab.open;
	const { columns, subjects } = core.memory;
	const messages: Record<number, string> = {};
	for (const arrival of presentIn(tab)) {
		const row = columns.row(arrival);
		const set = keywords.filter((keyword) => ((row?.flags ?? 0) & keywordBit(keyword)) !== 0);
		messages[arrival] = `${row?.mailbox ?? ''} ${row?.thread ?? ''} ${set.join(' ')}`;
	}
	const registers: Record<string, string> = {};
	for (const subject of subjects.subjects('')) {
		for (const field of ['to', 'subject', 'snippet', 'savedAt', 'attachments', 'deleted', 'generation']) {
			const value = subjects.value(subject, field);
			if (value !== undefined) registers[`${subject} ${field}`] = JSON.stringify(value);
		}
	}
	const texts: Record<string, string> = {};
	for (const document of documents) texts[document] = textOf(await readDocument(core, document));
	const submissions = [...outboxMemory.submissions.values()].map(({ id, state }) => [id, state] as const);
	return { messages, subjects: registers, texts, submissions: Object.fromEntries(submissions) };
}

/** What the server's own rows say. */
export async function pictureOfServer(
	server: MailServer,
	documents: readonly DocumentId[]
): Promise<Picture> {
	const { messages: facts, registers } = await server.everything();
	const opening = await server.opening();
	const messages: Record<number, string> = {};
	for (const fact of facts) {
		const own = registers.filter(({ arrival }) => arrival === fact.arrival);
		const mailbox = own.find(({ field }) => field === 'mailbox')?.value ?? fact.mailbox;
		const set = keywords.filter((keyword) => {
			const register = own.find(({ field }) => field === keyword);
			return register === undefined ? fact.keywords.includes(keyword) : register.value === true;
		});
		messages[fact.arrival] = `${String(mailbox)} ${fact.thread} ${set.join(' ')}`;
	}
	const subjects = opening.registers.map(
		({ subject, field, value }) => [`${subject} ${field}`, JSON.stringify(value)] as const
	);
	const texts = opening.documents
		.filter(({ document }) => documents.includes(document))
		.map(({ document, state }) => [document, textOf([state])] as const);
	return {
		messages,
		subjects: Object.fromEntries(subjects),
		texts: Object.fromEntries(texts),
		submissions: Object.fromEntries(opening.submissions.map(({ id, state }) => [id, state]))
	};
}
