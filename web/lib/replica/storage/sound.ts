import * as v from 'valibot';
import { blockBytes } from '../state/column-block.ts';
import { StorageError } from './failure.ts';
import type { Reading, ReplicaStorage } from './storage.ts';
import type { MetaRows, StoreName } from './stores.ts';

const list = v.array(v.unknown());
const table = v.record(v.string(), v.unknown());
const bytes = v.instance(Uint8Array);
const time = v.looseObject({ time: v.number(), counter: v.number() });
const kinded = v.looseObject({ kind: v.string() });

/** What must hold of a record for it to be one of ours; what lies deeper was put there by the same write. */
const records: Readonly<Record<Exclude<StoreName, 'meta'>, v.GenericSchema>> = {
	packs: v.looseObject({
		pack: v.number(),
		messages: v.array(v.looseObject({ arrival: v.number(), summary: v.looseObject({}) }))
	}),
	columns: v.looseObject({
		block: v.number(),
		buffer: v.pipe(
			v.instance(ArrayBuffer),
			v.check(({ byteLength }) => byteLength === blockBytes)
		)
	}),
	registers: v.looseObject({
		block: v.number(),
		times: v.instance(Float64Array),
		counters: v.instance(Uint32Array),
		devices: v.instance(Uint16Array),
		deviceIds: list,
		values: list,
		fields: v.record(
			v.string(),
			v.looseObject({ stamps: v.instance(Uint16Array), values: v.instance(Uint16Array) })
		)
	}),
	subjects: v.looseObject({ subject: v.string(), fields: table }),
	pending: v.variant('kind', [
		v.looseObject({
			kind: v.literal('registers'),
			key: v.number(),
			target: kinded,
			field: v.string(),
			stamp: time,
			seen: time
		}),
		v.looseObject({ kind: v.literal('text'), key: v.number(), document: v.string(), update: bytes })
	]),
	clock: v.looseObject({ device: v.string(), last: time, nextKey: v.number() }),
	outbox: v.looseObject({
		id: v.string(),
		order: v.number(),
		body: v.looseObject({ name: v.string() }),
		state: kinded
	}),
	documents: v.looseObject({ document: v.string(), snapshot: v.nullable(bytes), nextUpdate: v.number() }),
	updates: bytes,
	attachments: v.looseObject({ id: v.string(), document: v.string(), size: v.number(), state: kinded }),
	blobs: bytes,
	contents: v.looseObject({ text: v.nullable(v.string()), html: v.nullable(v.string()), parts: list }),
	pages: v.looseObject({
		view: v.string(),
		arrivals: list,
		rows: list,
		states: list,
		counter: v.looseObject({ total: v.number() })
	}),
	submissions: v.looseObject({ id: v.string(), state: v.string(), recipients: list }),
	deliveries: v.looseObject({ submission: v.string(), recipient: v.string(), state: v.string() })
};

const cursor = v.looseObject({ generation: v.string(), seq: v.number() });

const metaRows: { readonly [Key in keyof MetaRows]: v.GenericSchema } = {
	head: v.looseObject({
		cursor,
		revision: v.number(),
		seen: time,
		own: time
	}),
	backfill: v.looseObject({
		missing: v.array(v.number()),
		total: v.number(),
		counters: table,
		counted: table
	}),
	catchUp: v.looseObject({ since: cursor, target: cursor, before: v.number(), counters: table }),
	mailboxes: v.array(v.string()),
	joins: list,
	inflight: v.looseObject({ batch: v.string(), generation: v.string(), changes: list, covers: list }),
	settled: list,
	refusals: list,
	lastSync: v.number(),
	sendings: list,
	heldContents: list
};

/** Whether a record of a store is one of ours. */
export function isSound(store: StoreName, key: number | string | undefined, value: unknown): boolean {
	if (store !== 'meta') return v.is(records[store], value);
	const shape = (metaRows as Readonly<Record<string, v.GenericSchema>>)[String(key)];
	return shape === undefined || v.is(shape, value);
}

/** Reading that throws StorageError `broken` on a record that is none of ours. */
function soundReading<Names extends StoreName>(transaction: Reading<Names>): Reading<Names> {
	const sound = <Value>(store: StoreName, key: number | string | undefined, value: Value): Value => {
		if (value !== undefined && !isSound(store, key, value))
			throw new StorageError('broken', `a record of ${store}`);
		return value;
	};
	return {
		get: async (store, key) => sound(store, key, await transaction.get(store, key)),
		getAll: async (store, range) => {
			const values = await transaction.getAll(store, range);
			for (const value of values) sound(store, undefined, value);
			return values;
		}
	};
}

/**
 * Storage that trusts no record it reads: a spoiled one is told as `broken`, wherever it turns up.
 * @param broken hears of every failure that is not one of size
 */
export function soundStorage(storage: ReplicaStorage, broken: (error: StorageError) => void): ReplicaStorage {
	const telling = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
		try {
			return await run();
		} catch (error) {
			if (error instanceof StorageError && error.kind === 'broken') broken(error);
			throw error;
		}
	};
	return {
		read: (stores, run) =>
			telling(() => storage.read(stores, (transaction) => run(soundReading(transaction)))),
		write: (stores, durability, run) =>
			telling(() =>
				storage.write(stores, durability, (transaction) =>
					run({
						...soundReading(transaction),
						put: (store, key, value) => {
							transaction.put(store, key, value);
						},
						delete: (store, key) => {
							transaction.delete(store, key);
						},
						deleteRange: (store, range) => {
							transaction.deleteRange(store, range);
						},
						clear: (store) => {
							transaction.clear(store);
						}
					})
				)
			),
		close: () => {
			storage.close();
		}
	};
}
