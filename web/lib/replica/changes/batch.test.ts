import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStamps } from '#schema/docs/registers.ts';
import { tick, type LogicalClock } from '#schema/docs/logical-clock.ts';
import type { DeviceId, DocumentId } from '#schema/ids.ts';
import { marking, stamp, trialTime } from '../trial/letters.ts';
import { batchLimits, nextBatch, StampMover } from './batch.ts';
import type { PendingChange, PendingRegisters } from './pending-change.ts';

const start = { time: 0, counter: 0 };
const own = 'own' as DeviceId;
const day = 24 * 3600 * 1000;

function mark(key: number, arrivals: number[], value: boolean, time = trialTime + key): PendingRegisters {
	return { ...marking(arrivals, '$seen', value, stamp(time, 0, 'own')), key, seen: start };
}

function mover(offset = 0, now = trialTime + 1_000_000, last = start): StampMover {
	return new StampMover({ offset, now }, last);
}

describe('moving stamps to server time', () => {
	it('[R14] moves by the offset, so that a clock a day off neither wins nor loses by it', () => {
		for (const skew of [day, -day]) {
			const written = mark(1, [1], true, trialTime + skew);
			expect(mover(-skew).move(written)).toEqual(stamp(trialTime, 0, 'own'));
		}
	});

	it('[R14] never goes past the server, nor below what the device had seen', () => {
		const ahead = mark(1, [1], true, trialTime + 5_000);
		expect(mover(0, trialTime).move(ahead).time).toBe(trialTime);
		const seen = { time: trialTime + 50, counter: 3 };
		expect(mover(0).move({ ...mark(1, [1], true, trialTime), seen })).toEqual(
			stamp(trialTime + 50, 4, 'own')
		);
	});

	it('[R14] goes past counters that servers give to what came out of order', () => {
		const seen = { time: trialTime, counter: 1_000_000_007 };
		const moved = mover().move({ ...mark(1, [1], true, trialTime), seen });
		expect(moved).toEqual(stamp(trialTime + 1, 0, 'own'));
	});

	it('[R14] keeps the order of the writes, also over the batches before', () => {
		const readings = fc.array(fc.integer({ min: -day, max: day }), { minLength: 2, maxLength: 30 });
		fc.assert(
			fc.property(readings, fc.integer({ min: -day, max: day }), (times, offset) => {
				let clock: LogicalClock = start;
				const moving = mover(offset, trialTime, { time: trialTime - 10, counter: 2 });
				let before = stamp(trialTime - 10, 2, 'own');
				for (const time of times) {
					const next = tick(clock, trialTime + time, own);
					clock = next.clock;
					const moved = moving.move({ stamp: next.stamp, seen: start });
					expect(compareStamps(before, moved)).toBe(-1);
					before = moved;
				}
			})
		);
	});
});

describe('the next batch', () => {
	it('[R13] lets a later write of the same messages and field stand for the earlier', () => {
		const batch = nextBatch([mark(1, [1, 2], true), mark(2, [3], true), mark(3, [1, 2], false)], mover());
		expect(batch.changes.map(({ key }) => key)).toEqual([2, 3]);
		expect(batch.covers).toEqual([
			{ key: 2, rows: [2] },
			{ key: 3, rows: [1, 3] }
		]);
	});

	it('[R13] keeps writes of other messages or fields apart, in their order', () => {
		const flag: PendingChange = { ...mark(2, [1], true), field: '$flagged' };
		const batch = nextBatch([mark(1, [1], true), flag, mark(3, [1, 2], true)], mover());
		expect(batch.changes.map(({ key }) => key)).toEqual([1, 2, 3]);
	});

	it('[R13] takes no more than fits, and one in any case', () => {
		const many = Array.from({ length: batchLimits.changes + 5 }, (_, index) =>
			mark(index + 1, [index], true)
		);
		expect(nextBatch(many, mover()).changes).toHaveLength(batchLimits.changes);
		const text = (key: number, bytes: number): PendingChange => ({
			kind: 'text',
			key,
			document: 'draft' as DocumentId,
			update: new Uint8Array(bytes)
		});
		const large = batchLimits.bytes + 1;
		expect(nextBatch([text(1, large), text(2, 10)], mover()).changes).toHaveLength(1);
		expect(nextBatch([text(1, 10), text(2, large)], mover()).changes).toHaveLength(1);
	});

	it('[R82] writes no more registers together than is taken in a moment; a whole mailbox goes by itself', () => {
		const bulk = (key: number, count: number): PendingChange => ({
			...mark(key, [0], key % 2 === 0),
			target: { kind: 'messages', arrivals: [key, count] }
		});
		const keysOf = (...pending: PendingChange[]) => nextBatch(pending, mover()).changes.map(({ key }) => key);
		expect(keysOf(bulk(1, 1_000_000), mark(2, [1], true))).toEqual([1]);
		expect(keysOf(bulk(1, 100_000), bulk(2, 100_000), bulk(3, 1))).toEqual([1, 2]);
		const text: PendingChange = {
			kind: 'text',
			key: 1,
			document: 'draft' as DocumentId,
			update: new Uint8Array(9)
		};
		expect(keysOf(text, bulk(2, 1_000_000), bulk(3, 1))).toEqual([1, 2]);
	});
});
