import type { Logger } from 'pino';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { ParsedMessage } from '../mail/parse.ts';
import type { MessageSource } from '../mail/parser-pool.ts';
import { blobHashOf, type BlobStore } from '../store/blobs/blob-store.ts';
import type { Outcome } from '../store/queue/outcomes.ts';
import type { TakenEnvelope } from '../store/queue/taking.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import type { BodyReference } from '../store/space/parsed-message.ts';
import { spacePath } from '../store/space/path.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { fileOf, type StoredMessage } from './content.ts';
import { noSuchRecipient, notNow, type InsideDelivery } from './delivering.ts';
import { Gate } from './gate.ts';
import { outcomeOf } from './outside.ts';
import { Pace } from './pace.ts';
import { Turns } from './turns.ts';

/** Parses messages, elsewhere than on the main thread. Never rejects because of what is in a message. */
export interface MessageParser {
	parse(message: MessageSource): Promise<ParsedMessage>;
}

export interface InsideDeps {
	readonly store: Store;
	readonly blobs: BlobStore;
	readonly parser: MessageParser;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly limits: {
		/** How long a delivery that follows another may wait for more to go with, milliseconds. */
		readonly gatherFor: number;
	};
}

/** Large messages that are in memory at once, while they are parsed. */
const largeAtOnce = 1;

/** Spaces that a message is placed in at once. */
const placedAtOnce = 32;

/** The content of a message as spaces take it. */
export function bodyOf({ content, dataHash }: StoredMessage, size: number): BodyReference {
	return content.kind === 'inline' ? content : { kind: 'blob', hash: blobHashOf(dataHash), size };
}

/**
 * Parses stored content. A large one is read by the parser from its file, never here, and only a few are read at
 * once, because the parser wants them whole.
 */
export class ContentParser {
	readonly #parser: MessageParser;
	readonly #blobs: BlobStore;
	readonly #large = new Gate(largeAtOnce);

	constructor(parser: MessageParser, blobs: BlobStore) {
		this.#parser = parser;
		this.#blobs = blobs;
	}

	/** @throws ContentMissingError where the blob store does not have it */
	parse(message: StoredMessage): Promise<ParsedMessage> {
		if (message.content.kind === 'inline') return this.#parser.parse(message.content.bytes);
		return this.#large.through(async () => this.#parser.parse({ path: await fileOf(this.#blobs, message) }));
	}
}

/**
 * Delivers to spaces: parsed once, placed in each, each with its own outcome. A space gets what it is sent in the
 * order in which it was accepted; its writer keeps the order in which it is asked, so the next one's turn comes as
 * soon as this one is asked for, and they share a commit. Rejects where the content can't be read.
 */
export function insideDestination(deps: InsideDeps) {
	const parser = new ContentParser(deps.parser, deps.blobs);
	const turns = new Turns(deps.clock);
	const pace = new Pace(deps.clock, deps.limits.gatherFor);
	return async (envelope: TakenEnvelope, deliveries: readonly InsideDelivery[]): Promise<Outcome[]> => {
		const placings = deliveries.map((delivery) => {
			return { delivery, turn: turns.join(delivery.space, envelope.position) };
		});
		try {
			await pace.come();
			const parsed = await parser.parse(envelope);
			const gate = new Gate(placedAtOnce);
			return await Promise.all(
				placings.map(async ({ delivery, turn }) => {
					await turn.come();
					return gate.through(() => {
						const placed = place(deps, envelope, delivery, parsed);
						turn.leave();
						return placed;
					});
				})
			);
		} finally {
			for (const { turn } of placings) turn.leave();
		}
	};
}

async function place(
	{ store, clock, logger }: InsideDeps,
	envelope: TakenEnvelope,
	{ delivery, space }: InsideDelivery,
	parsed: ParsedMessage
): Promise<Outcome> {
	try {
		await store.file<SpaceKind>('space', spacePath(space)).call('place', {
			envelope: envelope.id,
			recipient: delivery.recipient,
			receivedAt: envelope.acceptedAt,
			mailbox: systemMailbox('inbox'),
			keywords: [],
			parsed,
			body: bodyOf(envelope, envelope.size)
		});
		return outcomeOf(envelope, delivery, { kind: 'delivered', status: '2.1.5', detail: '' }, clock.now());
	} catch (error) {
		const isMissing = error instanceof StoreError && error.kind === 'missing';
		logger.warn({ envelope: envelope.id, space, error: nameOf(error) }, 'a message could not be placed');
		return outcomeOf(envelope, delivery, isMissing ? noSuchRecipient : notNow, clock.now());
	}
}

function nameOf(error: unknown): string {
	if (error instanceof StoreError) return error.kind;
	return error instanceof Error ? error.name : 'unknown';
}
