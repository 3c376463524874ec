import { describe, it } from 'vitest';
// Loaded before the first world, so that loading them takes no turn in one.
import '#lib/replica/drafts/draft-letters.ts';
import '#lib/replica/drafts/held-edits.ts';
import '#lib/replica/drafts/open-draft.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { converge } from './converge.ts';
import { orders } from './network.ts';
import { skews } from './world.ts';

/** Seeds that are tried every time, and two of this run. */
const ofRun = seedOfRun('convergence');
const seeds = [1, 2, 3, 5, ofRun, ofRun + 1];

/** How the network of a seed's world orders frames. */
const orderOf = (seed: number) => orders[seed % orders.length] ?? 'sent';

describe('replicas against the real sync edge and store', () => {
	it.each(seeds)('[R1] converge and lose no acknowledged change (HONGYAN_SEED=%i)', async (seed) => {
		const hasLocks = seed % 3 !== 0;
		await converge(
			{ seed, devices: 2 + (seed % 4), skews, hasLocks, order: orderOf(seed), messages: 20 },
			150
		);
	});

	it.each(seeds.slice(2))(
		'[R4] converge while new ones download a large mailbox (HONGYAN_SEED=%i)',
		async (seed) => {
			await converge(
				{ seed, devices: 1 + (seed % 2), skews, hasLocks: true, order: orderOf(seed), messages: 1100 },
				80
			);
		}
	);
});
