import {
	encodeValue,
	mergeRegisters,
	type Register,
	type RegisterValue,
	type Stamp
} from '#schema/docs/registers.ts';
import type { DeviceId } from '#schema/ids.ts';
import { blockSize } from './column-block.ts';

/** Fields one block keeps at most; more come only from a peer that means harm. */
const maxFields = 32;

/** Interned entries above which those that nothing refers to are dropped. 16 bits number them. */
const compactAbove = 60_000;

interface FieldColumn {
	/** By place in the block: number of the stamp; 0 where the register was never written. */
	readonly stamps: Uint16Array<ArrayBuffer>;
	/** By place in the block: number of the value. */
	readonly values: Uint16Array<ArrayBuffer>;
}

/** A register block as it is stored: one column pair per field over interned stamps and values. */
export interface RegisterBlockRecord {
	readonly block: number;
	readonly times: Float64Array<ArrayBuffer>;
	readonly counters: Uint32Array<ArrayBuffer>;
	readonly devices: Uint16Array<ArrayBuffer>;
	readonly deviceIds: readonly DeviceId[];
	readonly values: readonly RegisterValue[];
	readonly fields: Readonly<Record<string, FieldColumn>>;
}

/** Numbers for things that recur, from 1 up. */
class Interned<Thing> {
	readonly things: Thing[];
	readonly #spell: (thing: Thing) => string;
	#numbers: Map<string, number> | undefined;
	#last: { readonly thing: Thing; readonly number: number } | undefined;

	constructor(things: Iterable<Thing>, spell: (thing: Thing) => string) {
		this.things = [...things];
		this.#spell = spell;
	}

	/** The number of a thing, given now if it has none. The same object asked again costs nothing. */
	numberOf(thing: Thing): number {
		if (this.#last?.thing === thing) return this.#last.number;
		const number = this.#lookUp(thing);
		this.#last = { thing, number };
		return number;
	}

	#lookUp(thing: Thing): number {
		this.#numbers ??= new Map(this.things.map((known, index) => [this.#spell(known), index + 1]));
		const spelling = this.#spell(thing);
		const known = this.#numbers.get(spelling);
		if (known !== undefined) return known;
		const number = this.things.push(thing);
		this.#numbers.set(spelling, number);
		return number;
	}
}

const spellStamp = (stamp: Stamp): string => `${stamp.time} ${stamp.counter} ${stamp.device}`;

/** The confirmed registers of 1,000 consecutive messages, by place in the block and field. */
export class RegisterBlock {
	readonly block: number;
	#stamps: Interned<Stamp>;
	#values: Interned<RegisterValue>;
	#fields: Map<string, FieldColumn>;

	constructor(block: number, record?: RegisterBlockRecord) {
		this.block = block;
		this.#stamps = new Interned<Stamp>(record === undefined ? [] : stampsOf(record), spellStamp);
		this.#values = new Interned<RegisterValue>(record?.values ?? [], encodeValue);
		this.#fields = new Map(Object.entries(record?.fields ?? {}));
	}

	/** The register of a field, undefined where it was never written. */
	get(place: number, field: string): Register | undefined {
		const column = this.#fields.get(field);
		const stamp = this.#stamps.things[(column?.stamps[place] ?? 0) - 1];
		if (column === undefined || stamp === undefined) return undefined;
		return { stamp, value: this.#values.things[(column.values[place] ?? 0) - 1] ?? null };
	}

	/** Keeps the greater of what is there and this; says whether this is what stands now and was not before. */
	merge(place: number, field: string, register: Register): boolean {
		const before = this.get(place, field);
		if (before !== undefined && mergeRegisters(before, register) === before) return false;
		const column = this.#column(field);
		if (column === undefined) return false;
		column.stamps[place] = this.#stamps.numberOf(register.stamp);
		column.values[place] = this.#values.numberOf(register.value);
		if (Math.max(this.#stamps.things.length, this.#values.things.length) > compactAbove) this.#compact();
		return true;
	}

	/** Fields that any message of the block has a register of. */
	get fields(): Iterable<string> {
		return this.#fields.keys();
	}

	/** As it is stored; it shares nothing with this block that later merges alter. */
	record(): RegisterBlockRecord {
		this.#compact();
		const devices = new Interned<DeviceId>([], (id) => id);
		const stamps = this.#stamps.things;
		return {
			block: this.block,
			times: Float64Array.from(stamps, ({ time }) => time),
			counters: Uint32Array.from(stamps, ({ counter }) => counter),
			devices: Uint16Array.from(stamps, ({ device }) => devices.numberOf(device)),
			deviceIds: devices.things,
			values: [...this.#values.things],
			fields: Object.fromEntries(
				[...this.#fields].map(([field, column]) => [
					field,
					{ stamps: column.stamps.slice(), values: column.values.slice() }
				])
			)
		};
	}

	#column(field: string): FieldColumn | undefined {
		const known = this.#fields.get(field);
		if (known !== undefined) return known;
		if (this.#fields.size >= maxFields) return undefined;
		const column = { stamps: new Uint16Array(blockSize), values: new Uint16Array(blockSize) };
		this.#fields.set(field, column);
		return column;
	}

	#compact(): void {
		const columns = [...this.#fields.values()];
		const stamps = columns.map(({ stamps }) => stamps);
		const values = columns.map(({ values }) => values);
		this.#stamps = new Interned(renumber(stamps, this.#stamps.things), spellStamp);
		this.#values = new Interned(renumber(values, this.#values.things), encodeValue);
	}
}

/** Numbers anew, from 1 up, what the columns refer to, and says what that is, in the order of the numbers. */
function renumber<Thing>(columns: readonly Uint16Array[], things: readonly Thing[]): Thing[] {
	const newNumbers = new Uint16Array(things.length + 1);
	const kept: Thing[] = [];
	for (const column of columns) {
		for (let place = 0; place < column.length; place += 1) {
			const number = column[place] ?? 0;
			const thing = things[number - 1];
			if (thing === undefined) continue;
			if (newNumbers[number] === 0) newNumbers[number] = kept.push(thing);
			column[place] = newNumbers[number] ?? 0;
		}
	}
	return kept;
}

function stampsOf(record: RegisterBlockRecord): Stamp[] {
	return Array.from(record.times, (time, index) => {
		const device = record.deviceIds[(record.devices[index] ?? 0) - 1];
		if (device === undefined) throw new RangeError('a stamp without its device');
		return { time, counter: record.counters[index] ?? 0, device };
	});
}
