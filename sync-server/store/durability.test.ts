import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedOfRun } from '#schema/trial/seed.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { openStoreInProcess } from './in-process.ts';
import { spaceKind, type SpaceKind } from './space/kind.ts';
import { spacePath } from './space/path.ts';
import { StoreError } from './store-error.ts';
import { trialKind } from './trial/kind.ts';
import { delivery, joinByIds, trialSpaceId } from './trial/space.ts';

let directory: string;
beforeEach(() => {
	directory = mkdtempSync(path.join(tmpdir(), 'hongyan-kill-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const script = fileURLToPath(new URL('./trial/endless-writing.ts', import.meta.url));

/** Runs the endless writer until it has had `count` answers, kills it, and tells every answer it printed. */
async function writeAndKill(start: number, count: number): Promise<string[]> {
	const child = spawn(process.execPath, [script, directory, String(start)], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const answered: string[] = [];
	// What was printed before the kill is still read after it.
	for await (const line of createInterface({ input: child.stdout })) {
		answered.push(line);
		if (answered.length === count) child.kill('SIGKILL');
	}
	return answered;
}

const kinds = [trialKind, spaceKind(joinByIds)];
const open = () => openStoreInProcess(kinds, directory, { clock: () => 1, random: countingRandom() });

describe('SIGKILL in the middle of writing', () => {
	it('[S1] loses nothing that was answered, over and over', async () => {
		const seed = seedOfRun('a killed store');
		const answered: string[] = [];
		for (let round = 0; round < 5; round += 1) {
			const count = 1 + ((seed >>> (round * 3)) % 300);
			answered.push(...(await writeAndKill(round * 1_000_000, count)));
			const store = open();
			const numbers = new Set(await store.file<typeof trialKind>('trial', 'notes.db').call('numbers'));
			const space = store.file<SpaceKind>('space', spacePath(trialSpaceId));
			for (const line of answered) {
				const [kind, number] = line.split(' ');
				if (kind === 'note') expect(numbers).toContain(Number(number));
				else expect(await space.call('place', delivery(Number(number)))).toMatchObject({ repeated: true });
			}
			const { seq } = await space.call('head');
			const { arrivals } = await space.call('opening');
			expect(arrivals).toBe(seq);
			await store.close();
		}
	});

	it('[S8] leaves no lock behind, while a living process keeps its own', async () => {
		const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
		await new Promise((resolve) => child.stdout.once('data', resolve));
		expect(open).toThrow(StoreError);
		child.stdout.resume();
		child.kill('SIGKILL');
		await new Promise((resolve) => child.once('exit', resolve));
		await open().close();
	});
});
