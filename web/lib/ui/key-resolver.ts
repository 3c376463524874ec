import { matchKeybindingPress, parseKeybinding, type KeybindingPress } from 'tinykeys';

/** What a key, or a sequence of keys, does. */
export interface KeyBinding {
	run(event: KeyboardEvent): void;
	/** Whether it is done again and again while the key is held down. */
	readonly repeats?: boolean;
	/** Whether it is done where the key was pressed; elsewhere the key is left to the browser. Everywhere if absent. */
	isMeantAt?(place: EventTarget | null): boolean;
}

/** What keys do, by binding as tinykeys writes it. */
export type Bindings = Readonly<Record<string, KeyBinding>>;

/** Between two keys of a sequence there is at most this time, milliseconds. */
const patience = 1_000;

interface Candidate {
	/** The keys that are still to come. */
	readonly presses: readonly KeybindingPress[];
	readonly binding: KeyBinding;
}

/** Whether the key is the next of a candidate, and pressed where that is meant. */
function isNext({ presses: [expected], binding }: Candidate, event: KeyboardEvent): boolean {
	if (expected === undefined || !matchKeybindingPress(event, expected)) return false;
	return binding.isMeantAt?.(event.target) ?? true;
}

/**
 * Finds what a key means. The key that ends a sequence means nothing else, and what began with the same keys is
 * over with it; one that goes on with no sequence means what it means alone. Where a key both begins a sequence
 * and means something alone, the sequence is waited for.
 */
export class KeyResolver {
	readonly #all: readonly Candidate[];
	/** The sequences that were begun. */
	#begun: readonly Candidate[] = [];
	#lastAt = -Infinity;

	constructor(bindings: Bindings) {
		this.#all = Object.entries(bindings).map(([keys, binding]) => ({
			presses: parseKeybinding(keys),
			binding
		}));
	}

	/** What is to be done on this key; null where it means nothing, or not yet. */
	press(event: KeyboardEvent): KeyBinding | null {
		// A modifier is part of the key that comes with it.
		if (event.getModifierState(event.key)) return null;
		if (event.repeat) return this.#held(event);
		const begun = event.timeStamp - this.#lastAt <= patience ? this.#begun : [];
		this.#lastAt = event.timeStamp;
		this.#begun = [];
		return this.#advance(begun, event) ?? (this.#begun.length > 0 ? null : this.#advance(this.#all, event));
	}

	/** What goes on while a key is held; one that began a sequence, or ended it, does nothing more. */
	#held(event: KeyboardEvent): KeyBinding | null {
		if (this.#begun.length > 0) return null;
		const single = this.#all.find((candidate) => candidate.presses.length === 1 && isNext(candidate, event));
		return single?.binding.repeats === true ? single.binding : null;
	}

	#advance(candidates: readonly Candidate[], event: KeyboardEvent): KeyBinding | null {
		const advanced = candidates
			.filter((candidate) => isNext(candidate, event))
			.map(({ presses, binding }) => ({ presses: presses.slice(1), binding }));
		this.#begun = advanced.filter(({ presses }) => presses.length > 0);
		return this.#begun.length > 0 ? null : (advanced[0]?.binding ?? null);
	}
}
