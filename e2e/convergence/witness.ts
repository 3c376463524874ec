import { eachInRanges } from '#schema/docs/ranges.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import type { Tab } from './device.ts';

/** One write a device acknowledged to its person. */
interface Write {
	readonly value: RegisterValue;
	/** True time, milliseconds. */
	readonly at: number;
	readonly device: string;
}

/** How far stamps may be off the true time: what a connection takes to tell the server's. Milliseconds. */
const tolerance = 6_000;

/** Remembers every write a device acknowledged, to say in the end whether one was lost. */
export class Witness {
	readonly #writes = new Map<string, Write[]>();
	readonly #seenKeys = new Map<string, Set<string>>();

	/** Takes note of what a tab wrote since it was looked at last. */
	look(device: string, tab: Tab, at: number): void {
		const seen = this.#seenKeys.get(device) ?? new Set<string>();
		this.#seenKeys.set(device, seen);
		for (const change of tab.open.core.memory.pending.values()) {
			if (change.kind !== 'registers' || change.target.kind !== 'messages') continue;
			const { field, value, target, stamp } = change;
			// A database that was rebuilt may count its changes anew.
			const key = `${change.key} ${stamp.time} ${stamp.counter}`;
			if (seen.has(key)) continue;
			seen.add(key);
			eachInRanges(target.arrivals, (arrival) => this.#note(`${arrival} ${field}`, { value, at, device }));
		}
	}

	/** Registers whose final value is that of no write that may be the latest. */
	lost(valueOf: (arrival: number, field: string) => RegisterValue | undefined): string[] {
		return [...this.#writes].flatMap(([name, writes]) => {
			const [arrival = '', field = ''] = name.split(' ');
			const latest = Math.max(...writes.map(({ at }) => at));
			const candidates = writes.filter(({ at }) => at >= latest - tolerance);
			const value = valueOf(Number(arrival), field);
			if (value === undefined || candidates.some((write) => write.value === value)) return [];
			return [`${name} is ${String(value)}, written were ${JSON.stringify(candidates)}`];
		});
	}

	#note(name: string, write: Write): void {
		const writes = this.#writes.get(name) ?? [];
		this.#writes.set(name, writes);
		writes.push(write);
	}
}
