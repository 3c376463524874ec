import type { Logger } from 'pino';
import { newId, type EnvelopeId, type OrganisationId, type RandomBytes } from '#schema/ids.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import type { Directory } from '../accounts/directory.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { queueKind } from '../store/queue/kind.ts';
import type { Store, StoreFile } from '../store/store.ts';
import { bouncing } from './bouncing.ts';
import type { Clock } from './clock.ts';
import {
	cancelSubmission,
	releaseSubmission,
	sendSubmissionAgain,
	type SubmissionCommand
} from './commands.ts';
import { collectContent, type CollectedContent } from './content.ts';
import type { QueueCounters } from './counters.ts';
import { Delivering } from './delivering.ts';
import { Entrance, type Accepted } from './entrance.ts';
import { ContentParser, insideDestination, type MessageParser } from './inside.ts';
import { outsideDestination } from './outside-destination.ts';
import { submitRaw, type RawAnswer, type RawSubmission } from './raw-submitting.ts';
import type { Recipient } from './recipients.ts';
import { Reporting } from './reporting.ts';
import { Rounds } from './rounds.ts';
import { Settling } from './settling.ts';
import type { Smarthost } from './smarthost.ts';
import { Submitter, type LetterSubmission } from './submitting.ts';
import type { Trace } from './trace.ts';
import { Upkeep } from './upkeep.ts';

export type { Accepted } from './entrance.ts';

/** Path of the queue's file in the data folder. */
export const queuePath = 'queue.db';

export interface QueueDeps {
	readonly store: Store;
	readonly blobs: BlobStore;
	readonly parser: MessageParser;
	readonly directory: Pick<Directory, 'resolveRecipient' | 'identitiesOf'>;
	/** Who takes mail to the outside; null where nobody does. */
	readonly smarthost: Smarthost | null;
	readonly organisation: OrganisationId;
	/** Our name, in bounces. */
	readonly name: string;
	/** The organisation's main domain. */
	readonly domain: string;
	readonly limits: {
		/** Bytes of the largest message. */
		readonly messageBytes: number;
		/** How long a letter can be called back, milliseconds. */
		readonly undoFor: number;
		/** How long a delivery inside that follows another may wait for more to go with, milliseconds. */
		readonly gatherFor: number;
	};
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly logger: Logger;
	readonly counters: QueueCounters;
}

/** A message from another server. */
export interface IncomingEnvelope {
	/** MAIL FROM; empty for the null sender. */
	readonly sender: string;
	readonly recipients: readonly Recipient[];
	readonly trace: Trace;
}

/** What was accepted and not yet delivered to everybody. */
export interface Queue {
	/** Puts right what the last process left, then delivers. Nothing may be accepted before it resolved. */
	start(): Promise<void>;
	/** Begins nothing more, and lets what is under way end, breaking it off after `patience` milliseconds. */
	stop(patience: number): Promise<void>;
	/** Whether mail to the outside can leave. */
	readonly hasRoute: boolean;
	/**
	 * Receives a message's bytes; they are not accepted by that. Its `release` is to be called in any case.
	 *
	 * @throws BlobError where it is too large, or there is no room
	 */
	collect(source: AsyncIterable<Uint8Array>): Promise<CollectedContent>;
	/**
	 * Accepts a message; when it resolves that is committed.
	 *
	 * @throws StoreError where it could not be committed; nothing of it is there then
	 */
	accept(envelope: IncomingEnvelope, content: CollectedContent): Promise<Accepted>;
	/** What became of the connection that accepts came over: its client was heard again, or it broke. */
	ended(envelopes: readonly EnvelopeId[], ending: 'heard' | 'broken'): void;
	/** Takes a composed letter from a device. @throws StoreError where the same command may be given again */
	submit(letter: LetterSubmission): Promise<CommandResult>;
	/** Takes a letter from a mail program. @throws BlobError, StoreError */
	submitRaw(letter: RawSubmission, source: AsyncIterable<Uint8Array>): Promise<RawAnswer>;
	/** Calls a held letter back. @throws StoreError */
	cancel(command: SubmissionCommand): Promise<CommandResult>;
	/** Lets a held letter go before its time. @throws StoreError */
	releaseEarly(command: SubmissionCommand): Promise<CommandResult>;
	/** Sends a letter of unknown fate once more. @throws StoreError */
	sendAgain(command: SubmissionCommand): Promise<CommandResult>;
	/** How many deliveries are in each state. */
	counts(): Promise<Readonly<Record<string, number>>>;
	/** Resolves when nothing is under way and nothing is due. */
	idle(): Promise<void>;
}

/** The queue over its file. It does nothing until it is started. */
export function createQueue(deps: QueueDeps): Queue {
	return new NodeQueue(deps);
}

class NodeQueue implements Queue {
	readonly #deps: QueueDeps;
	readonly #file: StoreFile<typeof queueKind>;
	readonly #delivering: Delivering;
	readonly #settling: Settling;
	readonly #reporting: Reporting;
	readonly #rounds: Rounds;
	readonly #upkeep: Upkeep;
	readonly #entrance: Entrance;
	readonly #submitter: Submitter;
	#isRunning = false;

	constructor(deps: QueueDeps) {
		const { store, clock, logger, counters } = deps;
		const file = store.file<typeof queueKind>('queue', queuePath);
		const wake = () => this.#rounds.wake();
		this.#deps = deps;
		this.#file = file;
		this.#reporting = new Reporting({ store, file, logger });
		this.#settling = new Settling({
			file,
			bounceFor: bouncing(deps),
			report: (reports) => this.#reporting.tell(reports),
			wake,
			clock,
			logger,
			counters
		});
		this.#delivering = new Delivering({
			destinations: this.#destinations(),
			settle: (envelope, outcomes) => this.#settling.settle(envelope, outcomes),
			settled: () => {
				if (this.#upkeep.isBehind) wake();
			},
			now: clock.now,
			logger,
			counters
		});
		this.#upkeep = new Upkeep({
			store,
			file,
			delivering: this.#delivering,
			reporting: this.#reporting,
			clock,
			logger
		});
		this.#rounds = new Rounds({
			clock,
			round: () => this.#upkeep.round(),
			failed: (error) => logger.error({ error: error instanceof Error ? error.name : '' }, 'a round failed')
		});
		this.#entrance = new Entrance({
			...deps,
			file,
			hasRoom: (lane) => this.#isRunning && this.#delivering.hasRoom(lane),
			begin: (lane, envelope) => this.#delivering.begin(lane, envelope),
			wake
		});
		this.#submitter = new Submitter({
			...deps,
			file,
			parser: new ContentParser(deps.parser, deps.blobs),
			entrance: this.#entrance,
			hasRoute: this.hasRoute,
			undoFor: deps.limits.undoFor,
			maxBytes: deps.limits.messageBytes,
			wake
		});
	}

	get hasRoute(): boolean {
		return this.#deps.smarthost !== null;
	}

	async start(): Promise<void> {
		await this.#upkeep.recover();
		this.#isRunning = true;
		this.#settling.hurry(false);
		this.#rounds.start();
	}

	async stop(patience: number): Promise<void> {
		this.#isRunning = false;
		await this.#rounds.stop();
		const { clock, smarthost } = this.#deps;
		const cancel = clock.after(patience, () => smarthost?.abort());
		this.#settling.hurry(true);
		await this.#delivering.idle();
		cancel();
		await this.#reporting.idle();
		await this.#entrance.flush();
	}

	collect(source: AsyncIterable<Uint8Array>): Promise<CollectedContent> {
		const { blobs, organisation, limits } = this.#deps;
		return collectContent(source, { blobs, organisation, maxBytes: limits.messageBytes });
	}

	accept(envelope: IncomingEnvelope, content: CollectedContent): Promise<Accepted> {
		const id: EnvelopeId = newId(this.#deps.random);
		return this.#entrance.accept({ ...envelope, id, maker: 'machine', submission: null }, content);
	}

	ended(envelopes: readonly EnvelopeId[], ending: 'heard' | 'broken'): void {
		this.#entrance.ended(envelopes, ending);
	}

	submit(letter: LetterSubmission): Promise<CommandResult> {
		return this.#submitter.submit(letter);
	}

	submitRaw(letter: RawSubmission, source: AsyncIterable<Uint8Array>): Promise<RawAnswer> {
		const deps = { ...this.#deps, submitter: this.#submitter, maxBytes: this.#deps.limits.messageBytes };
		return submitRaw(deps, letter, source);
	}

	cancel(command: SubmissionCommand): Promise<CommandResult> {
		return cancelSubmission(this.#commandDeps, command);
	}

	releaseEarly(command: SubmissionCommand): Promise<CommandResult> {
		return releaseSubmission(this.#commandDeps, command);
	}

	sendAgain(command: SubmissionCommand): Promise<CommandResult> {
		return sendSubmissionAgain(this.#commandDeps, command);
	}

	counts(): Promise<Readonly<Record<string, number>>> {
		return this.#file.call('counts');
	}

	async idle(): Promise<void> {
		this.#settling.hurry(true);
		// A delivery that ends may make something due, and the other way round.
		while (this.#rounds.isRunning || this.#delivering.isBusy) {
			await this.#rounds.idle();
			await this.#delivering.idle();
		}
		this.#settling.hurry(!this.#isRunning);
		await this.#reporting.idle();
	}

	get #commandDeps() {
		const { store, clock } = this.#deps;
		return { store, file: this.#file, clock, wake: () => this.#rounds.wake() };
	}

	#destinations() {
		const { clock, smarthost, blobs, logger } = this.#deps;
		const startData = async (envelope: EnvelopeId, recipients: readonly string[]) => {
			await this.#file.call('start-data', { envelope, recipients });
		};
		return {
			inside: insideDestination(this.#deps),
			outside: outsideDestination({ smarthost, blobs, startData, now: clock.now, logger })
		};
	}
}
