/* eslint-disable svelte/prefer-svelte-reactivity -- the time that is left is nobody's business but the clock's */

import type { IconComponent } from './icons.ts';

/** What a toast offers besides being read. */
export interface ToastAction {
	readonly label: string;
	run(): void | Promise<void>;
}

/** A short notice that something was done; `error` stays until it is dismissed. */
export interface Toast {
	readonly id: number;
	readonly tone: 'done' | 'error';
	readonly text: string;
	/** What is said in place of a text that counts down, once; null where the text is read out itself. */
	readonly spoken: string | null;
	readonly icon: typeof IconComponent | null;
	readonly actions: readonly ToastAction[];
}

/** What a notice has besides its text. */
export interface ToastOptions {
	readonly action?: ToastAction;
	/** In place of `action`, where there is a choice. */
	readonly actions?: readonly ToastAction[];
	readonly tone?: Toast['tone'];
	readonly icon?: typeof IconComponent;
	readonly spoken?: string;
	/** How long it stays, milliseconds; Infinity until it is changed or dismissed. */
	readonly time?: number;
}

/** How long a toast stays while nobody looks at it closely, milliseconds. */
export const toastTime = 8_000;

/** At most this many at once; the oldest makes room. */
const most = 3;

/** Timers as a browser has them; a test gives its own. */
export interface Timers {
	now(): number;
	start(run: () => void, delay: number): unknown;
	stop(timer: unknown): void;
}

const browserTimers: Timers = {
	now: () => performance.now(),
	start: (run, delay) => setTimeout(run, delay),
	stop: (timer) => {
		clearTimeout(timer as ReturnType<typeof setTimeout>);
	}
};

function toastOf(id: number, text: string, options: ToastOptions): Toast {
	const { tone = 'done', spoken = null, icon = null, action, actions } = options;
	return { id, tone, text, spoken, icon, actions: actions ?? (action === undefined ? [] : [action]) };
}

/** The notices on the screen. Time stands still while the pointer or the focus rests on them. */
export class Toasts {
	#shown = $state.raw<readonly Toast[]>([]);
	#left = new Map<number, number>();
	#timer: unknown;
	#startedAt = 0;
	#held = false;
	#next = 1;
	readonly #timers: Timers;

	constructor(timers: Timers = browserTimers) {
		this.#timers = timers;
	}

	get shown(): readonly Toast[] {
		return this.#shown;
	}

	/** Shows a notice; it goes by itself after {@link toastTime}, an error when it is dismissed. */
	show(text: string, options: ToastOptions = {}): number {
		const toast = toastOf(this.#next++, text, options);
		this.#settle();
		for (const { id } of this.#shown.slice(0, 1 - most)) this.#left.delete(id);
		this.#shown = [...this.#shown, toast].slice(-most);
		if (toast.tone === 'done') this.#left.set(toast.id, options.time ?? toastTime);
		this.#run();
		return toast.id;
	}

	/**
	 * Says something else in place of a notice; its time goes on where none is given. False where it is not
	 * shown any more.
	 */
	change(id: number, text: string, options: ToastOptions = {}): boolean {
		if (!this.#shown.some((toast) => toast.id === id)) return false;
		this.#settle();
		this.#shown = this.#shown.map((toast) => (toast.id === id ? toastOf(id, text, options) : toast));
		if (options.time !== undefined) this.#left.set(id, options.time);
		this.#run();
		return this.#shown.some((toast) => toast.id === id);
	}

	/** Takes a notice away now. */
	dismiss(id: number): void {
		this.#settle();
		this.#shown = this.#shown.filter((toast) => toast.id !== id);
		this.#left.delete(id);
		this.#run();
	}

	/** Takes all of them away; nobody holds the next ones. */
	clear(): void {
		this.#settle();
		this.#shown = [];
		this.#left.clear();
		this.#held = false;
	}

	/** Runs an action of a notice, which ends it. */
	act(toast: Toast, action: ToastAction): void {
		this.dismiss(toast.id);
		void action.run();
	}

	/** Stops the time while somebody reads. */
	hold(): void {
		this.#settle();
		this.#held = true;
	}

	/** Lets the time run on. */
	release(): void {
		if (!this.#held) return;
		this.#held = false;
		this.#run();
	}

	/** Takes the time that has passed off every notice, and drops those whose time is over. */
	#settle(): void {
		if (this.#timer === undefined) return;
		this.#timers.stop(this.#timer);
		this.#timer = undefined;
		const passed = this.#timers.now() - this.#startedAt;
		for (const [id, left] of this.#left) this.#left.set(id, left - passed);
		const over = (toast: Toast) => (this.#left.get(toast.id) ?? Infinity) <= 0;
		if (this.#shown.some(over)) this.#shown = this.#shown.filter((toast) => !over(toast));
		for (const [id, left] of this.#left) if (left <= 0) this.#left.delete(id);
	}

	#run(): void {
		const soonest = Math.min(...this.#left.values());
		if (this.#held || this.#timer !== undefined || !Number.isFinite(soonest)) return;
		this.#startedAt = this.#timers.now();
		this.#timer = this.#timers.start(() => {
			this.#settle();
			this.#run();
		}, soonest);
	}
}

/** The notices of this window. */
export const toasts = new Toasts();
