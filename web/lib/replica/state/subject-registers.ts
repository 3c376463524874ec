import { mergeRegisters, type Register, type RegisterValue } from '#schema/docs/registers.ts';
import type { SubjectRecord } from '../storage/stores.ts';
import { inKeyOrder } from './key-order.ts';

/** A write to one field of a subject that lies over the confirmed one. */
export interface SubjectOverlay {
	readonly subject: string;
	readonly field: string;
	readonly value: RegisterValue;
}

/** Registers of subjects that are no messages: drafts' rows, settings. */
export class SubjectRegisters {
	#confirmed = new Map<string, SubjectRecord>();
	#overlays: ReadonlyMap<number, SubjectOverlay> = new Map();
	#overlaid = new Map<string, Map<string, RegisterValue>>();

	/** The confirmed registers of a subject. */
	confirmed(subject: string): SubjectRecord {
		return this.#confirmed.get(subject) ?? { subject, fields: {} };
	}

	/** The value as it stands with pending changes; undefined where it was never written. */
	value(subject: string, field: string): RegisterValue | undefined {
		const overlaid = this.#overlaid.get(subject);
		if (overlaid?.has(field) === true) return overlaid.get(field);
		return this.#confirmed.get(subject)?.fields[field]?.value;
	}

	/** Every subject that begins so and has a register, confirmed or not. */
	subjects(prefix: string): string[] {
		const all = new Set([...this.#confirmed.keys(), ...this.#overlaid.keys()]);
		return [...all].filter((subject) => subject.startsWith(prefix));
	}

	confirm(records: Iterable<SubjectRecord>): void {
		for (const record of records) this.#confirmed.set(record.subject, record);
	}

	/** Starts anew with these confirmed records; overlays stay. */
	reset(records: Iterable<SubjectRecord>): void {
		this.#confirmed = new Map();
		this.confirm(records);
	}

	/** Lays writes over what is there; keys ascend in the order of the writes. */
	overlay(changes: ReadonlyMap<number, SubjectOverlay>): void {
		this.#overlays = inKeyOrder(this.#overlays, changes);
		this.#layOver();
	}

	uncover(keys: Iterable<number>): void {
		const left = new Map(this.#overlays);
		for (const key of keys) left.delete(key);
		this.#overlays = left;
		this.#layOver();
	}

	#layOver(): void {
		this.#overlaid = new Map();
		for (const { subject, field, value } of this.#overlays.values()) {
			const fields = this.#overlaid.get(subject) ?? new Map<string, RegisterValue>();
			fields.set(field, value);
			this.#overlaid.set(subject, fields);
		}
	}
}

/** The record with a register merged in; itself where the one it has stands. */
export function mergeSubject(record: SubjectRecord, field: string, register: Register): SubjectRecord {
	const before = record.fields[field];
	const after = mergeRegisters(before, register);
	if (after === before) return record;
	return { subject: record.subject, fields: { ...record.fields, [field]: after } };
}
