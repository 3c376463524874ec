import { describe, it } from 'vitest';
import { skews } from './world.ts';
import '#lib/replica/drafts/open-draft.ts';
import '#lib/replica/drafts/draft-letters.ts';
import { converge } from './converge.ts';
describe('scratch', () => {
	it.each(Array.from({ length: 80 }, (_, i) => 3000 + i))('seed %i', async (seed) => {
		await converge({ seed, devices: 2 + (seed % 4), skews, hasLocks: seed % 3 !== 0, messages: 20 }, 150);
	});
});
