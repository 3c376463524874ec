import type { DeviceId } from '#schema/ids.ts';
import type { Opening } from '#schema/space/entry.ts';
import { receiveOpening } from '../log/receive-opening.ts';
import { ReplicaCore } from '../replica-core.ts';
import { ReplicaMemory } from '../state/replica-memory.ts';
import { memoryDisk, openMemoryStorage, type MemoryDisk } from '../storage/memory.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import type { TabNotice } from '../tabs.ts';
import { ManualClock } from './manual-clock.ts';
import { opening } from './letters.ts';

/** A tab's core over storage in memory, and what it told the other tabs. */
export interface Bench {
	readonly core: ReplicaCore;
	readonly clock: ManualClock;
	readonly storage: ReplicaStorage;
	readonly disk: MemoryDisk;
	readonly told: TabNotice[];
}

export interface BenchOptions {
	readonly disk?: MemoryDisk;
	readonly clock?: ManualClock;
	readonly storage?: ReplicaStorage;
	/** What the space opens with; null: it was never opened. */
	readonly opens?: Partial<Opening> | null;
}

/** Bytes that differ with every call, the same in every run. */
export function countedBytes(): (length: number) => Uint8Array {
	let calls = 0;
	return (length) => {
		calls += 1;
		return Uint8Array.from({ length }, (_, index) => (calls * 31 + index * 7) & 255);
	};
}

/** Opens a tab's core; a new disk gets a device and is opened as said. */
export async function openBench(options: BenchOptions = {}): Promise<Bench> {
	const { disk = memoryDisk(), clock = new ManualClock() } = options;
	const storage = options.storage ?? openMemoryStorage(disk);
	const told: TabNotice[] = [];
	const parts = { storage, memory: new ReplicaMemory(), clock, random: countedBytes() };
	const core = new ReplicaCore(parts, (notice) => told.push(notice));
	await storage.write(['clock'], 'strict', async (transaction) => {
		if ((await transaction.get('clock', 'clock')) !== undefined) return;
		const device = 'own' as DeviceId;
		transaction.put('clock', 'clock', { device, last: { time: 0, counter: 0 }, nextKey: 1 });
	});
	await core.reload();
	if (options.opens !== null && core.memory.head === undefined)
		await receiveOpening(core, opening(options.opens));
	return { core, clock, storage, disk, told };
}
