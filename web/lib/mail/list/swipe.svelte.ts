/** Width of what a row uncovers when it is pulled aside, CSS pixels. */
export const uncovered = 168;

/** A finger moves so far before it is known which way it goes, CSS pixels. */
const slop = 10;

/** Where a row comes to rest: open once a third of it was uncovered, or closed again by as much. */
export function restOf(aside: number, wasOpen: boolean): number {
	const isOpen = wasOpen ? aside < (-uncovered * 2) / 3 : aside < -uncovered / 3;
	return isOpen ? -uncovered : 0;
}

interface Pull {
	readonly arrival: number;
	readonly x: number;
	readonly y: number;
	readonly from: number;
	isSideways: boolean;
}

/** The message whose row a finger pulls to the left, off what can be done with it. One at a time. */
export class Swipe {
	#arrival = $state<number | null>(null);
	#aside = $state(0);
	#pull: Pull | null = null;
	/** The finger that is down has put a row back, and does nothing else. */
	#isSpent = false;

	/** The message whose row is not in its place; null when all are. */
	get arrival(): number | null {
		return this.#aside === 0 ? null : this.#arrival;
	}

	/** How far a message's row lies aside, CSS pixels; never above 0. */
	asideOf(arrival: number): number {
		return arrival === this.#arrival ? this.#aside : 0;
	}

	close(): void {
		this.#aside = 0;
	}

	/** Whether a press on a row is only to put back the one that lies aside; puts it back. */
	takesPress(): boolean {
		const isTaken = this.#isSpent || this.#aside !== 0;
		this.close();
		return isTaken;
	}

	/** Follows fingers on the rows of a list; for `@attach`. */
	readonly follow = (list: HTMLElement): (() => void) => {
		const listening = new AbortController();
		const { signal } = listening;
		list.addEventListener('pointermove', (event) => this.#move(event, list), { signal });
		for (const end of ['pointerup', 'pointercancel'] as const)
			list.addEventListener(end, () => this.#end(), { signal });
		window.addEventListener('pointerdown', (event) => this.#begin(event, list), { signal, capture: true });
		return () => {
			listening.abort();
		};
	};

	#begin({ pointerType, isPrimary, clientX, clientY, target }: PointerEvent, list: HTMLElement): void {
		const element = target instanceof Element && list.contains(target) ? target : null;
		if (element?.closest('[data-uncovered]')) return;
		const row = element?.closest<HTMLElement>('[data-arrival]');
		const arrival = row ? Number(row.dataset['arrival']) : null;
		this.#isSpent = this.#aside !== 0 && arrival !== this.#arrival;
		if (this.#isSpent) this.close();
		if (pointerType !== 'touch' || !isPrimary || arrival === null) return;
		this.#pull = { arrival, x: clientX, y: clientY, from: this.asideOf(arrival), isSideways: false };
	}

	#move({ clientX, clientY, pointerId }: PointerEvent, list: HTMLElement): void {
		const pull = this.#pull;
		if (pull === null) return;
		const across = clientX - pull.x;
		if (!pull.isSideways) {
			if (Math.abs(clientY - pull.y) > Math.max(slop, Math.abs(across))) this.#pull = null;
			if (this.#pull === null || Math.abs(across) < slop) return;
			pull.isSideways = true;
			list.setPointerCapture(pointerId);
			this.#arrival = pull.arrival;
		}
		this.#aside = Math.max(-uncovered, Math.min(0, pull.from + across));
	}

	#end(): void {
		if (this.#pull?.isSideways === true) this.#aside = restOf(this.#aside, this.#pull.from < 0);
		this.#pull = null;
	}
}
