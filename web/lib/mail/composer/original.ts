import { answeredBy, type Answered } from '#schema/docs/draft.ts';
import {
	quoteLate,
	stayUnquoted,
	unquotedOf,
	unwantPart,
	wantedOf,
	wantParts,
	wholeMessage,
	type Quoted,
	type WantedPart
} from '#schema/docs/draft-original.ts';
import type { Content } from '#schema/mail/summary.ts';
import type { Clock } from '#lib/platform/clock.ts';
import type { ContentHere, Contents, FetchWatch, PartHere, PartResult } from '#lib/replica/contents.ts';
import type { AttachRefusal, DraftHandle } from '#lib/replica/drafts.ts';
import { PatientFetch, type NotFetched } from '../patient-fetch.ts';

type Fetching = { readonly kind: 'fetching'; readonly received: number } | NotFetched;

/** Why the answered message is not quoted yet, or how far its text is. */
export type QuoteState = Fetching | { readonly kind: 'too-long' };

/** A part of the answered message that is to come along, and how far it is. */
export interface ComingPart extends WantedPart {
	readonly state: Fetching | { readonly kind: 'refused'; readonly code: AttachRefusal };
}

interface Coming<Here extends { readonly kind: 'here' }, State> {
	readonly fetch: PatientFetch<Here>;
	state: State;
}

interface OriginalPorts {
	readonly handle: Pick<DraftHandle, 'doc' | 'attach'>;
	readonly contents: Pick<Contents, 'content' | 'part' | 'raw'>;
	readonly clock: Clock;
	/** What a draft takes of a message; its quote is null where it is too long. */
	take(
		answered: Answered,
		content: Content
	): Promise<{ readonly quoted: Quoted | null; readonly parts: readonly WantedPart[] }>;
}

const begun = { kind: 'fetching', received: 0 } as const;

/**
 * The message an open draft answers or forwards, as far as it is not in the draft yet: fetches what the draft
 * says it wants, for as long as it takes, and puts it in. What is missing is never dropped but by the person.
 */
export class Original {
	readonly #ports: OriginalPorts;
	readonly #listeners = new Set<() => void>();
	readonly #parts = new Map<string, Coming<PartHere, ComingPart['state']>>();
	#quote: Coming<ContentHere, Fetching> | undefined;
	#turn: Promise<unknown> = Promise.resolve();
	#isStopped = false;
	readonly #follow = (): void => {
		this.#followQuote();
		this.#followParts();
		this.#tell();
	};

	constructor(ports: OriginalPorts) {
		this.#ports = ports;
		ports.handle.doc.on('update', this.#follow);
		this.#follow();
	}

	/** Told when something is different. */
	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Null where nothing is missing. */
	get quote(): QuoteState | null {
		if (unquotedOf(this.#ports.handle.doc) === 'too-long') return { kind: 'too-long' };
		return this.#quote?.state ?? null;
	}

	get parts(): readonly ComingPart[] {
		return wantedOf(this.#ports.handle.doc).map((part) => ({
			...part,
			state: this.#parts.get(part.section)?.state ?? { kind: 'not-here' }
		}));
	}

	/** Whether a forward lacks the text it is about. */
	get lacksText(): boolean {
		const { doc } = this.#ports.handle;
		return unquotedOf(doc) !== undefined && answeredBy(doc)?.how === 'forward';
	}

	/** Fetches the text again. */
	quoteAgain(): void {
		this.#quote?.fetch.again();
	}

	/** Fetches a part again. */
	again(section: string): void {
		const coming = this.#parts.get(section);
		if (coming?.state.kind !== 'refused') {
			coming?.fetch.again();
			return;
		}
		this.#parts.delete(section);
		this.#follow();
	}

	/** The network may be back. */
	kick(): void {
		this.#quote?.fetch.kick();
		for (const { fetch } of this.#parts.values()) fetch.kick();
	}

	leaveOutQuote(): void {
		stayUnquoted(this.#ports.handle.doc);
	}

	leaveOut(section: string): void {
		unwantPart(this.#ports.handle.doc, section);
	}

	/** The letter goes as it is now. */
	leaveOutAll(): void {
		const { doc } = this.#ports.handle;
		doc.transact(() => {
			stayUnquoted(doc);
			for (const { section } of wantedOf(doc)) unwantPart(doc, section);
		});
	}

	/** Takes the whole message along as a file, instead of its text and what is not here of its parts. */
	attachWhole(whole: WantedPart): void {
		const { doc } = this.#ports.handle;
		doc.transact(() => {
			this.leaveOutAll();
			wantParts(doc, [whole]);
		});
	}

	/** Nothing is fetched or put into the draft any more; it goes on when the draft is opened again. */
	stop(): void {
		this.#isStopped = true;
		this.#ports.handle.doc.off('update', this.#follow);
		this.#quote?.fetch.stop();
		for (const { fetch } of this.#parts.values()) fetch.stop();
	}

	#followQuote(): void {
		const { doc } = this.#ports.handle;
		const answered = answeredBy(doc);
		const isWanted = unquotedOf(doc) === 'late';
		if (!isWanted) {
			this.#quote?.fetch.stop();
			this.#quote = undefined;
		} else if (this.#quote === undefined && answered !== undefined) {
			const { clock, contents } = this.#ports;
			// Without its signal: a text that is not waited for is fetched and kept all the same.
			const ask = () => contents.content(answered.arrival);
			const quote: Coming<ContentHere, Fetching> = {
				state: begun,
				fetch: new PatientFetch<ContentHere>(clock, ask, (state) => {
					if (state.kind === 'here') void this.#quoteNow(answered, state.content);
					else quote.state = state;
					this.#tell();
				})
			};
			this.#quote = quote;
			quote.fetch.again();
		}
	}

	async #quoteNow(answered: Answered, content: Content): Promise<void> {
		const { doc } = this.#ports.handle;
		const { quoted, parts } = await this.#ports.take(answered, content);
		if (this.#isStopped || unquotedOf(doc) !== 'late') return;
		quoteLate(doc, quoted, answered.how === 'forward' ? parts : []);
	}

	#followParts(): void {
		const { doc } = this.#ports.handle;
		const wanted = wantedOf(doc);
		const arrival = answeredBy(doc)?.arrival;
		for (const [section, { fetch }] of this.#parts) {
			if (wanted.some((part) => part.section === section)) continue;
			fetch.stop();
			this.#parts.delete(section);
		}
		if (arrival === undefined) return;
		for (const part of wanted) if (!this.#parts.has(part.section)) this.#fetch(part, arrival);
	}

	#fetch(part: WantedPart, arrival: number): void {
		const { clock, contents } = this.#ports;
		const { section } = part;
		const ask = (watch: FetchWatch) =>
			this.#inTurn(() =>
				section === wholeMessage ? contents.raw(arrival, watch) : contents.part(arrival, section, watch)
			);
		const coming: Coming<PartHere, ComingPart['state']> = {
			state: begun,
			fetch: new PatientFetch<PartHere>(clock, ask, (state) => {
				if (state.kind === 'here') void this.#attach(part, state.blob, coming);
				else coming.state = state;
				this.#tell();
			})
		};
		this.#parts.set(section, coming);
		coming.fetch.again();
	}

	/** One after the other: the first ones are here soon also on a slow line. */
	#inTurn(run: () => Promise<PartResult>): Promise<PartResult> {
		const running = this.#turn.then(run);
		this.#turn = running.catch(() => undefined);
		return running;
	}

	async #attach(
		{ section, name, type, size }: WantedPart,
		blob: Blob,
		coming: Coming<PartHere, ComingPart['state']>
	): Promise<void> {
		coming.state = { kind: 'fetching', received: size };
		const result = await this.#ports.handle.attach({ name, type, blob, wanted: section });
		if (result.kind === 'refused') coming.state = { kind: 'refused', code: result.code };
		this.#tell();
	}

	#tell(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}
