import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { Rounds } from './rounds.ts';
import { ManualClock } from './trial/manual-clock.ts';

function rounds(round: () => Promise<number | null>) {
	const clock = new ManualClock(1000);
	const failures: unknown[] = [];
	const under = new Rounds({ clock, round, failed: (error) => failures.push(error) });
	return { clock, failures, rounds: under };
}

describe('rounds', () => {
	it('[Q14] come when something is due, and not before', async () => {
		let count = 0;
		const { clock, rounds: under } = rounds(() => {
			count += 1;
			return Promise.resolve(count < 3 ? 1000 + count * 500 : null);
		});
		under.start();
		await under.idle();
		expect(count).toBe(1);
		clock.advance(499);
		await under.idle();
		expect(count).toBe(1);
		clock.advance(1);
		await under.idle();
		clock.advance(500);
		await under.idle();
		clock.advance(1_000_000);
		await under.idle();
		expect(count).toBe(3);
	});

	it('[Q9] come again at once for what became due during one, and never two together', async () => {
		let atOnce = 0;
		let count = 0;
		const made = rounds(async () => {
			atOnce += 1;
			expect(atOnce).toBe(1);
			if (count === 0) for (let wake = 0; wake < 3; wake += 1) made.rounds.wake();
			await Promise.resolve();
			count += 1;
			atOnce -= 1;
			return null;
		});
		made.rounds.start();
		await made.rounds.idle();
		expect(count).toBe(2);
	});

	it('[Q12] come again a second after one that failed', async () => {
		let count = 0;
		const made = rounds(() => {
			count += 1;
			return count === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve(null);
		});
		made.rounds.start();
		await made.rounds.idle();
		made.clock.advance(1000);
		await made.rounds.idle();
		expect([count, made.failures.length]).toEqual([2, 1]);
	});

	it('[Q36] end when they are stopped', async () => {
		let count = 0;
		const made = rounds(() => {
			count += 1;
			return Promise.resolve(made.clock.now() + 10);
		});
		made.rounds.start();
		await made.rounds.stop();
		made.rounds.wake();
		made.clock.advance(1_000_000);
		await made.rounds.idle();
		expect(count).toBe(1);
	});
});

describe('a gate', () => {
	it('[Q13] lets so many through at once, the others in their order, also past one that failed', async () => {
		const gate = new Gate(2);
		const order: string[] = [];
		let inside = 0;
		const run = (name: string) =>
			gate.through(async () => {
				inside += 1;
				expect(inside).toBeLessThanOrEqual(2);
				order.push(name);
				await Promise.resolve();
				inside -= 1;
				if (name === 'b') throw new Error('b failed');
				return name;
			});
		const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(run));
		expect(order).toEqual(['a', 'b', 'c', 'd']);
		expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
	});
});
