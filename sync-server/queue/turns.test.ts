import { describe, expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import { ManualClock } from './trial/manual-clock.ts';
import { Turns, turnPatience, type Turn } from './turns.ts';

const one = 'one' as SpaceId;
const two = 'two' as SpaceId;

/** Lines on a clock moved by hand, and who was let go, in order. */
function stage() {
	const clock = new ManualClock(0);
	const turns = new Turns(clock);
	const gone: string[] = [];
	const ready = (name: string, turn: Turn) => {
		void turn.come().then(() => {
			gone.push(name);
			turn.leave();
		});
	};
	return { clock, turns, gone, ready, settled: () => new Promise(setImmediate) };
}

describe('turns', () => {
	it('[Q39] go by acceptance, whatever is ready first', async () => {
		const { turns, gone, ready, settled } = stage();
		const [a, b, c] = [turns.join(one, 1), turns.join(one, 2), turns.join(one, 3)];
		ready('c', c);
		ready('b', b);
		await settled();
		expect(gone).toEqual([]);
		ready('a', a);
		await settled();
		expect(gone).toEqual(['a', 'b', 'c']);
		expect(turns.size).toBe(0);
	});

	it('[Q39] go by acceptance also where they are joined in another order', async () => {
		const { turns, gone, ready, settled } = stage();
		const b = turns.join(one, 2);
		const a = turns.join(one, 1);
		ready('b', b);
		await settled();
		expect(gone).toEqual([]);
		ready('a', a);
		await settled();
		expect(gone).toEqual(['a', 'b']);
	});

	it('[Q39] of one space are not waited for in another', async () => {
		const { turns, gone, ready, settled } = stage();
		turns.join(one, 1);
		ready('two', turns.join(two, 2));
		await settled();
		expect(gone).toEqual(['two']);
	});

	it('[Q39] that will not be used let the next one go', async () => {
		const { turns, gone, ready, settled } = stage();
		const failed = turns.join(one, 1);
		ready('next', turns.join(one, 2));
		failed.leave();
		failed.leave();
		await settled();
		expect(gone).toEqual(['next']);
	});

	it('[Q40] are lost to whoever is ready and has waited long enough; the ready keep their order', async () => {
		const { clock, turns, gone, ready, settled } = stage();
		const [stuck, b, stuckToo, d] = [1, 2, 3, 4].map((position) => turns.join(one, position)) as [
			Turn,
			Turn,
			Turn,
			Turn
		];
		ready('d', d);
		clock.advance(turnPatience - 1);
		ready('b', b);
		await settled();
		expect(gone).toEqual([]);
		clock.advance(1);
		await settled();
		expect(gone).toEqual(['b', 'd']);
		ready('stuck', stuck);
		await settled();
		expect(gone).toEqual(['b', 'd', 'stuck']);
		stuckToo.leave();
		expect(turns.size).toBe(0);
	});
});
