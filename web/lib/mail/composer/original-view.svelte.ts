import { createSubscriber } from 'svelte/reactivity';
import { answeredBy } from '#schema/docs/draft.ts';
import { systemClock } from '#lib/platform/clock.ts';
import type { MailProjection } from '#lib/projection/mail-projection.ts';
import type { DraftHandle } from '#lib/replica/drafts.ts';
import type { Session } from '#lib/session/session.ts';
import { whenOnline } from '../online.ts';
import { forwardedParts, wholeAsPart } from './forwarded-parts.ts';
import { Original, type ComingPart, type QuoteState } from './original.ts';
import { quoteOf } from './quote.ts';

/** What an open draft still wants of the message it answers, as the composer reads it; every read is reactive. */
export class OriginalView {
	readonly original: Original;
	readonly #session: Session<MailProjection>;
	readonly #handle: DraftHandle;
	readonly #follow: () => void;
	readonly #endNetwork: () => void;

	constructor(session: Session<MailProjection>, handle: DraftHandle) {
		const { mail, contents, connectivity } = session;
		this.#session = session;
		this.#handle = handle;
		this.original = new Original({
			handle,
			contents,
			clock: systemClock,
			async take({ arrival, how }, content) {
				await mail.loadRows([arrival]);
				const row = mail.row(arrival);
				return {
					quoted: row === undefined ? null : quoteOf(row, content, how),
					parts: forwardedParts(content)
				};
			}
		});
		this.#follow = createSubscriber((update) => this.original.subscribe(update));
		this.#endNetwork = whenOnline(connectivity, () => {
			this.original.kick();
		});
	}

	get quote(): QuoteState | null {
		this.#follow();
		return this.original.quote;
	}

	get parts(): readonly ComingPart[] {
		this.#follow();
		return this.original.parts;
	}

	/** Whether the draft is a forward. */
	get forwards(): boolean {
		this.#follow();
		return answeredBy(this.#handle.doc)?.how === 'forward';
	}

	/** Takes the whole message along as a file. */
	async attachWhole(): Promise<void> {
		const { mail } = this.#session;
		const arrival = answeredBy(this.#handle.doc)?.arrival;
		if (arrival === undefined) return;
		await mail.loadRows([arrival]);
		const row = mail.row(arrival);
		if (row !== undefined) this.original.attachWhole(wholeAsPart(row.summary));
	}

	stop(): void {
		this.#endNetwork();
		this.original.stop();
	}
}
