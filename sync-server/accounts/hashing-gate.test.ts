import { describe, expect, it } from 'vitest';
import { HashingGate } from './hashing-gate.ts';

describe('the hashing gate', () => {
	it('runs so many at once, lets so many wait, and turns the rest away', async () => {
		const gate = new HashingGate(2, 2);
		let running = 0;
		let most = 0;
		const release: (() => void)[] = [];
		const task = async () => {
			running += 1;
			most = Math.max(most, running);
			await new Promise<void>((resolve) => release.push(resolve));
			running -= 1;
			return 'done';
		};
		const all = Promise.all([gate.run(task), gate.run(task), gate.run(task), gate.run(task), gate.run(task)]);
		let released = 0;
		while (released < 4) {
			const next = release.shift();
			if (next !== undefined) released += 1;
			next?.();
			await Promise.resolve();
		}
		expect(await all).toEqual(['done', 'done', 'done', 'done', null]);
		expect(most).toBe(2);
	});

	it('goes on after a task that failed', async () => {
		const gate = new HashingGate(1, 1);
		await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
		expect(await gate.run(async () => 'yes')).toBe('yes');
	});
});
