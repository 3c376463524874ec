import type { CommandId, DeviceId, DocumentId } from '#schema/ids.ts';
import { submissionIdOf, type ComposedLetter } from '#schema/mail/submission.ts';
import { li as sender } from '#schema/trial/people.ts';
import type { SubmissionCommand } from '../commands.ts';
import type { LetterSubmission } from '../submitting.ts';
import type { RawSubmission } from '../raw-submitting.ts';
import { li, startOfTime, wang, type Office } from './office.ts';

/** Letters that Li sends in tests. */

export const document = 'draft-a' as DocumentId;
export const submission = submissionIdOf(document, 0);
export const phone = 'phone' as DeviceId;
/** An address outside. */
export const far = 'a@far.example';

export const named = (address: string) => ({ name: '', address });

function letter(given: Partial<ComposedLetter> = {}): ComposedLetter {
	return {
		from: sender,
		to: [named(wang)],
		cc: [],
		bcc: [],
		subject: 'Lunch',
		html: '<p>At noon?</p>',
		inReplyTo: null,
		references: [],
		attachments: [],
		date: startOfTime,
		...given
	};
}

/** The command with which Li's phone submits a letter, or somebody else's. */
export async function submitCommand(
	office: Office,
	command: string,
	given: Partial<ComposedLetter>,
	who = li
): Promise<LetterSubmission> {
	const resolution = await office.directory.resolveRecipient(who);
	if (resolution.kind !== 'inside') throw new Error(`${who} is inside`);
	const { principal, space } = resolution;
	const body = { name: 'submit', submission, document, generation: 0, letter: letter(given) } as const;
	return { command: command as CommandId, space, principal, device: phone, body };
}

/** A command of Li's phone, or of somebody else's, about the submission. */
export async function commandAbout(office: Office, command: string, who = li): Promise<SubmissionCommand> {
	return { command: command as CommandId, space: await office.spaceOf(who), device: phone, submission };
}

/** What Li's mail program hands in, for these recipients. */
export async function rawSubmission(office: Office, to: readonly string[]): Promise<RawSubmission> {
	return {
		space: await office.spaceOf(li),
		identities: [li, 'ming@hongyan.example'],
		sender: li,
		recipients: await Promise.all(to.map((address) => office.recipient(address))),
		trace: { peer: '192.0.2.9', helo: 'laptop', protocol: 'ESMTPSA', by: 'mx.hongyan.example' }
	};
}

/** The state of each recipient of Li's submissions, as Li sees it, by recipient and subject. */
export async function statesOf(office: Office): Promise<Record<string, string>> {
	const { submissions, deliveries } = await office.opening(li);
	const subjects = new Map(submissions.map(({ id, subject }) => [id, subject]));
	return Object.fromEntries(
		deliveries.map(({ submission: id, recipient, state }) => [`${subjects.get(id)} ${recipient}`, state])
	);
}
