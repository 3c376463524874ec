import { expect, it } from 'vitest';
import { Lane } from './lane.ts';

it('runs steps one after another, also after one that failed, and tells each its own end', async () => {
	const lane = new Lane();
	const seen: string[] = [];
	const first = Promise.withResolvers<undefined>();
	const failing = lane.inTurn(async () => {
		seen.push('first');
		await first.promise;
		throw new Error('no room');
	});
	const following = lane.inTurn(() => {
		seen.push('second');
		return Promise.resolve(2);
	});
	await Promise.resolve();
	expect(seen).toEqual(['first']);
	first.resolve(undefined);
	await expect(failing).rejects.toThrow('no room');
	expect(await following).toBe(2);
	expect(seen).toEqual(['first', 'second']);
});
