import { createHash } from 'node:crypto';
import {
	newId,
	type CommandId,
	type DeviceId,
	type EnvelopeId,
	type OrganisationId,
	type PrincipalId,
	type RandomBytes,
	type SpaceId
} from '#schema/ids.ts';
import { canonicalAddress, domainOf } from '#schema/mail/address.ts';
import { submissionIdOf, submissionLimits, type ComposedLetter } from '#schema/mail/submission.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { CommandBody, CommandResult } from '#schema/protocol/messages.ts';
import type { ZonedInstant } from '#schema/zoned-instant.ts';
import type { Directory } from '../accounts/directory.ts';
import { BlobError, type BlobStore } from '../store/blobs/blob-store.ts';
import type { queueKind } from '../store/queue/kind.ts';
import type { Refusing } from '../store/space/answers.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import type { SubmitAnswer, Submitting } from '../store/space/submit.ts';
import type { Store, StoreFile } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { collectContent, type CollectedContent } from './content.ts';
import type { QueueCounters } from './counters.ts';
import type { Accepted, Accepting, Entrance } from './entrance.ts';
import { bodyOf, type ContentParser } from './inside.ts';
import { LetterBodies, LetterTooLongError } from './letter-bodies.ts';
import { filesOf } from './letter-files.ts';
import { LetterTooDeepError } from './letter-html.ts';
import { destinationOf, type Recipient } from './recipients.ts';
import { renderLetter } from './render.ts';
import { sentAtOf } from './sent-at.ts';

export interface SubmittingDeps {
	readonly store: Store;
	readonly file: StoreFile<typeof queueKind>;
	readonly blobs: BlobStore;
	readonly parser: ContentParser;
	readonly directory: Pick<Directory, 'resolveRecipient' | 'identitiesOf'>;
	readonly entrance: Entrance;
	readonly organisation: OrganisationId;
	readonly hasRoute: boolean;
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly counters: QueueCounters;
	/** How long a letter can be called back, milliseconds. */
	readonly undoFor: number;
	readonly maxBytes: number;
	/** Something was released, or is held from now on. */
	readonly wake: () => void;
}

/** The command `submit` of a device, and who gives it. */
export interface LetterSubmission {
	readonly command: CommandId;
	readonly space: SpaceId;
	readonly principal: PrincipalId;
	readonly device: DeviceId;
	readonly body: Extract<CommandBody, { name: 'submit' }>;
}

/** What a submission is to its space and to the queue, once its bytes are there. */
export type Prepared = Omit<Submitting, 'envelope' | 'parsed' | 'body'> & {
	readonly space: SpaceId;
	readonly envelope: Omit<Accepting, 'id' | 'maker' | 'submission'>;
	readonly content: CollectedContent;
};

/** A submission was decided on; `accepted` is null where it was decided before. */
export interface Decided {
	readonly answer: SubmitAnswer;
	readonly id: EnvelopeId;
	readonly accepted: Accepted;
}

class Refusal extends Error {
	readonly code: RefusalCode;
	readonly detail: string;

	constructor(code: RefusalCode, detail = '') {
		super(code);
		this.code = code;
		this.detail = detail;
	}
}

/** Takes composed letters from devices. */
export class Submitter {
	readonly #deps: SubmittingDeps;
	readonly #bodies = new LetterBodies();

	constructor(deps: SubmittingDeps) {
		this.#deps = deps;
	}

	/**
	 * Submits a composed letter: rendered, tentative in the queue, decided in its space, held. A replay of the
	 * command, or of the same letter under the same id, gets the stored answer; so does a refusal that is final.
	 *
	 * @throws StoreError where it could not be decided; then the same command may be given again
	 */
	async submit(given: LetterSubmission): Promise<CommandResult> {
		const stored = await this.#space(given.space).call('answer-of', { command: given.command });
		if (stored !== null) return this.#counted(stored, 'replayed');
		try {
			const { submission, document, generation } = given.body;
			if (submission !== submissionIdOf(document, generation)) throw new Refusal('malformed', 'submission');
			const recipients = await this.#recipients(given);
			const sentAt = sentAtOf(given.body.letter, this.#deps.clock.now());
			const content = await this.#render(given, sentAt);
			try {
				return await this.#submitRendered(given, recipients, sentAt, content);
			} finally {
				content.release();
			}
		} catch (error) {
			const refusal = { command: given.command, ...refusalOf(error) };
			return this.#counted(await this.#space(given.space).call('refuse', refusal), 'refused');
		}
	}

	async #submitRendered(
		{ command, space, device, body }: LetterSubmission,
		recipients: readonly Recipient[],
		sentAt: ZonedInstant,
		content: CollectedContent
	): Promise<CommandResult> {
		const { letter } = body;
		const { answer } = await this.decide({
			space,
			submission: body.submission,
			device,
			command,
			document: body.document,
			generation: body.generation,
			payloadHash: createHash('sha256').update(JSON.stringify(letter)).digest('hex'),
			subject: letter.subject,
			recipients: [...letter.to, ...letter.cc, ...letter.bcc],
			sentAt,
			releaseAt: this.#deps.clock.now() + this.#deps.undoFor,
			envelope: { sender: letter.from.address, recipients, trace: null },
			content
		});
		switch (answer.kind) {
			case 'accepted':
				return this.#counted({ kind: 'submitted', releaseAt: answer.releaseAt }, 'accepted');
			case 'replay':
				return this.#counted(answer.result, 'replayed');
			case 'refused':
				return this.#counted(answer, 'refused');
		}
	}

	/**
	 * Tentative in the queue, then the space's commit, which decides; then held until its release time, or
	 * gone. What a crash leaves between is resolved by the sweep.
	 */
	async decide({ space, envelope, content, ...submitting }: Prepared): Promise<Decided> {
		const { entrance, parser, organisation, random, file, wake } = this.#deps;
		const id: EnvelopeId = newId(random);
		const stored = { organisation, dataHash: content.dataHash, content: content.stored };
		const parsed = await parser.parse(stored);
		const submission = { space, id: submitting.submission };
		const accepted = await entrance.accept({ ...envelope, id, maker: 'person', submission }, content);
		if (!accepted.stored) return { answer: repeatAnswer, id, accepted };
		const body = bodyOf(stored, content.size);
		const answer = await this.#space(space).call('submit', { ...submitting, envelope: id, parsed, body });
		if (answer.kind === 'accepted') await file.call('decide', { envelope: id, until: answer.releaseAt });
		else await file.call('discard', { envelope: id });
		wake();
		return { answer, id, accepted };
	}

	async #recipients({ principal, body: { letter } }: LetterSubmission): Promise<readonly Recipient[]> {
		const { directory, hasRoute } = this.#deps;
		const identities = await directory.identitiesOf(principal);
		const from = canonicalAddress(letter.from.address);
		if (!identities.some(({ address }) => canonicalAddress(address) === from)) {
			throw new Refusal('identity-not-permitted', letter.from.address);
		}
		const named = [...letter.to, ...letter.cc, ...letter.bcc].map(({ address }) => address);
		if (named.length === 0) throw new Refusal('no-recipients');
		if (named.length > submissionLimits.recipients) throw new Refusal('too-large', 'recipients');
		const recipients: Recipient[] = [];
		for (const address of named) {
			recipients.push({ address, destination: destinationOf(await directory.resolveRecipient(address)) });
		}
		const outside = recipients.filter(({ destination }) => destination.kind === 'outside');
		if (outside.length > 0 && !hasRoute) {
			throw new Refusal(
				'no-route',
				outside
					.map(({ address }) => address)
					.join(', ')
					.slice(0, 500)
			);
		}
		return recipients;
	}

	async #render({ space, body }: LetterSubmission, sentAt: ZonedInstant): Promise<CollectedContent> {
		const { blobs, organisation, random, maxBytes } = this.#deps;
		const letter: ComposedLetter = body.letter;
		const found = await filesOf(this.#space(space), blobs, organisation, body.document, letter.attachments);
		if (found.kind === 'missing') throw new Refusal('attachment-missing', found.id);
		if (found.bytes > submissionLimits.attachmentBytes) throw new Refusal('too-large', 'attachments');
		const prepared = await this.#bodies.prepare(letter.html);
		const messageId = `<${newId(random)}@${domainOf(letter.from.address)}>`;
		const rendering = { messageId, boundary: newId(random), files: found.files, sentAt };
		return collectContent(renderLetter(letter, prepared, rendering), { blobs, organisation, maxBytes });
	}

	#space(space: SpaceId): StoreFile<SpaceKind> {
		return this.#deps.store.file<SpaceKind>('space', spacePath(space));
	}

	#counted(result: CommandResult, answer: 'accepted' | 'replayed' | 'refused'): CommandResult {
		this.#deps.counters.submitted(answer);
		return result;
	}
}

/** Every recipient of it was sent the same before, by a client that never heard so. */
const repeatAnswer: SubmitAnswer = { kind: 'replay', result: { kind: 'done' } };

/** The one mapping of what goes wrong with a letter to what its sender is told. */
function refusalOf(error: unknown): Omit<Refusing, 'command'> {
	if (error instanceof Refusal) return { code: error.code, detail: error.detail };
	if (error instanceof LetterTooDeepError) return { code: 'malformed', detail: 'html' };
	if (error instanceof LetterTooLongError) return { code: 'too-large', detail: 'html' };
	if (error instanceof BlobError) {
		return { code: error.kind === 'full' ? 'storage-full' : 'too-large', detail: '' };
	}
	throw error;
}
