import type { SpaceId } from '#schema/ids.ts';
import type { Clock } from './clock.ts';

/** A delivery's place in the line of its space. */
export interface Turn {
	/** Resolves when it may be placed. To be awaited when there is nothing else to wait for. */
	readonly come: () => Promise<void>;
	/** Lets the next one go; to be called in any case, once it is placed or will not be. Twice is once. */
	readonly leave: () => void;
}

/** How long a delivery that could be placed waits for those before it, milliseconds. */
export const turnPatience = 10_000;

interface Place {
	readonly position: number;
	/** `preparing`: those behind it that are ready wait for it. */
	state: 'preparing' | 'waiting' | 'placing';
	go: () => void;
	cancelTimer: () => void;
}

/**
 * Lines of deliveries, one for each space, by the position in which they were accepted. Messages are parsed at once
 * and in any order; what was accepted first is placed first. One that keeps a ready one waiting for longer than
 * {@link turnPatience} gives way, and loses its place.
 */
export class Turns {
	readonly #clock: Pick<Clock, 'after'>;
	/** By space, those that wait or are waited for; the first one's turn it is. */
	readonly #lines = new Map<SpaceId, Place[]>();

	constructor(clock: Pick<Clock, 'after'>) {
		this.#clock = clock;
	}

	/** Joins the line of a space, behind all that were accepted before. */
	join(space: SpaceId, position: number): Turn {
		const place: Place = { position, state: 'preparing', go: () => undefined, cancelTimer: () => undefined };
		const line = this.#lines.get(space) ?? [];
		line.splice(line.findLastIndex((other) => other.position <= position) + 1, 0, place);
		this.#lines.set(space, line);
		return { come: () => this.#come(space, place), leave: () => this.#leave(space, place) };
	}

	/** How many spaces have a line. */
	get size(): number {
		return this.#lines.size;
	}

	#come(space: SpaceId, place: Place): Promise<void> {
		const line = this.#lines.get(space);
		if (line?.includes(place) !== true) return Promise.resolve();
		return new Promise((resolve) => {
			place.state = 'waiting';
			place.go = resolve;
			if (line[0] === place) this.#advance(space, line);
			else place.cancelTimer = this.#clock.after(turnPatience, () => this.#overtake(space, place));
		});
	}

	#leave(space: SpaceId, place: Place): void {
		const line = this.#lines.get(space);
		if (line?.includes(place) === true)
			this.#advance(
				space,
				without(line, (other) => other === place)
			);
	}

	/** Those before it that are not ready give way; those that are go before it, as they were accepted. */
	#overtake(space: SpaceId, place: Place): void {
		const line = this.#lines.get(space) ?? [];
		const before = new Set(line.slice(0, line.indexOf(place)));
		this.#advance(
			space,
			without(line, (other) => before.has(other) && other.state !== 'waiting')
		);
	}

	#advance(space: SpaceId, line: Place[]): void {
		const [first] = line;
		if (first === undefined) {
			this.#lines.delete(space);
			return;
		}
		this.#lines.set(space, line);
		if (first.state !== 'waiting') return;
		first.state = 'placing';
		first.cancelTimer();
		first.go();
	}
}

function without(line: readonly Place[], isLeft: (place: Place) => boolean): Place[] {
	return line.filter((place) => !isLeft(place));
}
