import { describe, expect, it } from 'vitest';
import { Toasts, toastTime, type Timers } from './toasts.svelte.ts';

/** A clock that moves when it is told to. */
class StillClock implements Timers {
	#now = 0;
	#next = 1;
	readonly #due = new Map<number, { at: number; run: () => void }>();

	now(): number {
		return this.#now;
	}
	start(run: () => void, delay: number): number {
		const id = this.#next++;
		this.#due.set(id, { at: this.#now + delay, run });
		return id;
	}
	stop(timer: unknown): void {
		this.#due.delete(timer as number);
	}
	pass(time: number): void {
		const end = this.#now + time;
		for (;;) {
			const next = [...this.#due].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
			if (next === undefined) break;
			this.#now = next[1].at;
			this.#due.delete(next[0]);
			next[1].run();
		}
		this.#now = end;
	}
}

function texts(toasts: Toasts): string[] {
	return toasts.shown.map((toast) => toast.text);
}

describe('toasts', () => {
	it('go by themselves after their time, one by one', () => {
		const clock = new StillClock();
		const toasts = new Toasts(clock);
		toasts.show('first');
		clock.pass(3_000);
		toasts.show('second');
		clock.pass(toastTime - 3_000);
		expect(texts(toasts)).toEqual(['second']);
		clock.pass(3_000);
		expect(texts(toasts)).toEqual([]);
	});

	it('stay while somebody looks at them, and then for the rest of their time', () => {
		const clock = new StillClock();
		const toasts = new Toasts(clock);
		toasts.show('moved');
		clock.pass(toastTime - 1_000);
		toasts.hold();
		clock.pass(60_000);
		expect(texts(toasts)).toEqual(['moved']);
		toasts.release();
		clock.pass(999);
		expect(texts(toasts)).toEqual(['moved']);
		clock.pass(1);
		expect(texts(toasts)).toEqual([]);
	});

	it('go all at once when the screen changes hands, also while somebody looks at them', () => {
		const clock = new StillClock();
		const toasts = new Toasts(clock);
		toasts.show('moved');
		toasts.show('not moved', { tone: 'error' });
		toasts.hold();
		toasts.clear();
		expect(texts(toasts)).toEqual([]);
		toasts.show('somebody else’s');
		clock.pass(toastTime);
		expect(texts(toasts)).toEqual([]);
	});

	it('stay until dismissed when something went wrong', () => {
		const clock = new StillClock();
		const toasts = new Toasts(clock);
		const id = toasts.show('not moved', { tone: 'error' });
		clock.pass(600_000);
		expect(texts(toasts)).toEqual(['not moved']);
		toasts.dismiss(id);
		expect(texts(toasts)).toEqual([]);
	});

	it('run their action once and end with it', () => {
		const toasts = new Toasts(new StillClock());
		let undone = 0;
		toasts.show('moved', {
			action: {
				label: 'Undo',
				run: () => {
					undone += 1;
				}
			}
		});
		for (const toast of toasts.shown) for (const action of toast.actions) toasts.act(toast, action);
		expect(undone).toBe(1);
		expect(texts(toasts)).toEqual([]);
	});

	it('say something else in their place, and stay for as long as that is to be read', () => {
		const clock = new StillClock();
		const toasts = new Toasts(clock);
		const id = toasts.show('sending', { time: Infinity });
		clock.pass(600_000);
		expect(toasts.change(id, 'goes in 2 s', { spoken: 'goes soon' })).toBe(true);
		clock.pass(600_000);
		expect(toasts.shown).toMatchObject([{ id, text: 'goes in 2 s', spoken: 'goes soon' }]);
		expect(toasts.change(id, 'sent', { time: 4_000 })).toBe(true);
		clock.pass(3_999);
		expect(toasts.shown).toMatchObject([{ id, text: 'sent', spoken: null }]);
		clock.pass(1);
		expect(texts(toasts)).toEqual([]);
		expect(toasts.change(id, 'still there')).toBe(false);
		expect(texts(toasts)).toEqual([]);
	});

	it('make room for the newest', () => {
		const toasts = new Toasts(new StillClock());
		for (const text of ['1', '2', '3', '4']) toasts.show(text);
		expect(texts(toasts)).toEqual(['2', '3', '4']);
	});
});
