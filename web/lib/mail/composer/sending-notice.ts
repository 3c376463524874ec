import type { SubmissionId } from '#schema/ids.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import { refusalText } from '#lib/i18n/refusals.ts';
import { systemClock, type Cancel, type Clock } from '#lib/platform/clock.ts';
import type { Connectivity } from '#lib/replica/connectivity.ts';
import type { Outbox, OutboxState } from '#lib/replica/outbox.ts';
import { Send } from '#lib/ui/icons.ts';
import type { ToastAction, ToastOptions, Toasts } from '#lib/ui/toasts.svelte.ts';
import { callBack } from './sending.ts';

/** How long it is told of a letter that waits for the network or its files, milliseconds. */
const waitingTime = 10_000;

/** How long a letter that is held for longer is told of; the outbox offers to call it back after that. */
const longestTime = 30_000;

/** How long it is told that a letter left, milliseconds. */
const goneTime = 4_000;

type Stage = 'waiting' | 'held' | 'leaving';

/** What the notice is about, and how it is told. */
export interface Sent {
	readonly outbox: Outbox;
	readonly connectivity: Pick<Connectivity, 'server' | 'subscribe'>;
	readonly submission: SubmissionId;
	readonly toasts: Toasts;
	/** Opens the draft again. */
	readonly reopen: () => void;
	readonly clock?: Clock;
}

/**
 * Tells of one letter from the press of "send" until it left, never more than is known: that it waits for the network; then
 * how long it can still be called back, which the server decides and this device counts from when it heard of it.
 */
export class SendingNotice {
	readonly #sent: Sent;
	readonly #clock: Clock;
	readonly #stops: (() => void)[] = [];
	#toast: number | undefined;
	#isOver = false;
	/** Nothing more is offered: the server was asked to send it now. */
	#isHurried = false;
	/** By this device's clock, once the server holds the letter. */
	#until: number | undefined;
	#tick: Cancel | undefined;
	#stage: Stage | undefined;

	constructor(sent: Sent) {
		this.#sent = sent;
		this.#clock = sent.clock ?? systemClock;
		const look = () => this.#look();
		this.#stops.push(sent.outbox.subscribe(look), sent.connectivity.subscribe(look));
		this.#look();
	}

	/** Calls the letter back, where that is still offered; whether it is. */
	callBack(): boolean {
		if (this.#isOver || this.#isHurried) return false;
		this.#end();
		if (this.#toast !== undefined) this.#sent.toasts.dismiss(this.#toast);
		const { outbox, submission, toasts, reopen } = this.#sent;
		void callBack(outbox, submission, toasts, reopen, this.#isReached());
		return true;
	}

	#look(): void {
		if (this.#isOver) return;
		const { outbox, submission, toasts, reopen } = this.#sent;
		const item = outbox
			.items()
			.find(({ about }) => about.kind === 'letter' && about.submission === submission);
		const state = item?.state;
		switch (state?.kind) {
			case 'waiting':
			case 'uploading':
			case 'sending':
				return this.#tellWaiting();
			case 'held':
				return this.#tellHeld(state);
			case 'released':
				this.#tell(t('send.onItsWay'), { time: goneTime });
				return this.#end();
			case 'refused':
				toasts.show(refusalText(state.code), {
					tone: 'error',
					action: { label: t('outbox.edit'), run: reopen }
				});
				break;
			case 'cancelling':
			case 'cancelled':
			case undefined:
		}
		this.#end();
		if (this.#toast !== undefined) toasts.dismiss(this.#toast);
	}

	#tellWaiting(): void {
		this.#tell(t(this.#isReached() ? 'send.sending' : 'send.waiting'), {
			action: this.#undo(),
			...this.#entering('waiting', waitingTime)
		});
	}

	#tellHeld({ heldFor }: Extract<OutboxState, { kind: 'held' }>): void {
		if (heldFor === undefined) return this.#tellWaiting();
		const now = this.#clock.now();
		this.#until ??= now + heldFor;
		const left = this.#until - now;
		this.#tick?.();
		// The server has not said that it left.
		if (left <= 0 || this.#isHurried) return this.#tellLeaving();
		const sendNow = { label: t('send.now'), run: () => this.#sendNow() };
		this.#tick = this.#clock.after(left % 1000 || 1000, () => this.#look());
		this.#tell(t('send.countdown', { seconds: Math.ceil(left / 1000) }), {
			spoken: t('send.countdownSpoken', { seconds: Math.round(heldFor / 1000) }),
			actions: this.#isReached() ? [this.#undo(), sendNow] : [this.#undo()],
			...this.#entering('held', heldFor > longestTime ? longestTime : Infinity)
		});
	}

	#tellLeaving(): void {
		this.#tell(t('send.sending'), this.#entering('leaving', waitingTime));
	}

	async #sendNow(): Promise<void> {
		this.#isHurried = true;
		this.#toast = undefined;
		this.#tellLeaving();
		await this.#sent.outbox.sendNow(this.#sent.submission);
	}

	/** The time of a notice counts from when it first says so. */
	#entering(stage: Stage, time: number): ToastOptions {
		if (this.#stage === stage) return {};
		this.#stage = stage;
		return { time };
	}

	#undo(): ToastAction {
		return { label: t('send.callBack'), run: () => void this.callBack() };
	}

	#isReached(): boolean {
		return this.#sent.connectivity.server().kind === 'online';
	}

	/** Says it in the notice, which nobody is to get again who sent it away. */
	#tell(text: string, given: ToastOptions): void {
		const { toasts } = this.#sent;
		const options = { icon: Send, ...given };
		if (this.#toast === undefined) this.#toast = toasts.show(text, options);
		else if (!toasts.change(this.#toast, text, options)) this.#end();
	}

	#end(): void {
		this.#isOver = true;
		this.#tick?.();
		for (const stop of this.#stops) stop();
	}
}
