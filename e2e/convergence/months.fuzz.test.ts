import { describe, expect, it } from 'vitest';
// Loaded before the first world, so that loading them takes no turn in one.
import '#lib/replica/drafts/draft-letters.ts';
import '#lib/replica/drafts/held-edits.ts';
import '#lib/replica/drafts/open-draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { readDocument } from '#lib/replica/drafts/document-store.ts';
import { inDocument } from './draft-witness.ts';
import { World } from './world.ts';

/** Seeds that are tried every time, and two of this run. */
const ofRun = seedOfRun('months');
const seeds = [1000, 1007, 1039, 3062, ofRun, ofRun + 1];

/** What the server has of drafts, also of those that openings leave out. */
async function draftsOfServer({ server }: World, ids: readonly DocumentId[]) {
	const { registers } = await server.file.call('opening-since', { since: 0 });
	return Promise.all(
		ids.map(async (document) => {
			const subject = registerSubjects.draft(document);
			const state = await server.file.call('document', { document });
			const { words, files } = inDocument(state === null ? [] : [state]);
			const isGone = registers.some(
				(register) => register.subject === subject && register.field === 'deleted' && register.value === true
			);
			return { document, pieces: [...words, ...files], isGone };
		})
	);
}

/** Expects that no word is lost, and that every device lists the same drafts and has all of them. */
async function expectDraftsEverywhere(world: World): Promise<void> {
	const { witness } = world.drafting;
	expect(world.server.failures).toEqual([]);
	for (const { document, pieces, isGone } of await draftsOfServer(world, world.drafting.documents())) {
		expect(witness.lost(document, pieces)).toEqual([]);
		// It may take more than one to throw a draft away that none of them held whole.
		expect(isGone ? witness.notThrownAway(document) : witness.mislisted(document, false)).toEqual([]);
		for (const { name, tabs } of world.devices) {
			for (const { open } of tabs) {
				expect(open.core.memory.pending.size, `pending changes of ${name}`).toBe(0);
				expect(open.drafts.row(document) === undefined, `${document} on ${name}`).toBe(isGone);
				if (isGone) continue;
				const { words, files } = inDocument(await readDocument(open.core, document));
				expect([...words, ...files], `${document} on ${name}`).toEqual(pieces);
			}
		}
	}
}

describe('devices that are away for months', () => {
	it.each(seeds)('[S47] [R80] [R96] have every draft whole in the end (HONGYAN_SEED=%i)', async (seed) => {
		const world = new World({
			...{ seed, devices: 2 + (seed % 2), skews: [0], hasLocks: true, order: 'sent', messages: 5 }
		});
		try {
			await world.begin();
			for (let step = 0; step < 250; step += 1) {
				if (world.chance.happens(0.04)) await world.pass(20 + world.chance.below(90));
				await world.step();
			}
			await world.rest();
			await expectDraftsEverywhere(world);
		} finally {
			await world.end();
		}
	});
});
