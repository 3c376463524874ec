import { afterEach, describe, expect, it } from 'vitest';
// Loaded before the first world, so that loading them takes no turn in one.
import '#lib/replica/drafts/draft-letters.ts';
import '#lib/replica/drafts/held-edits.ts';
import '#lib/replica/drafts/open-draft.ts';
import { addRecipient, recipientsOf } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import { li } from '#schema/trial/people.ts';
import { readDocument } from '#lib/replica/drafts/document-store.ts';
import { expectConvergence } from './converge.ts';
import type { Device, Tab } from './device.ts';
import { inDocument } from './draft-witness.ts';
import { World } from './world.ts';

const day = 24 * 3600 * 1000;
let world: World | undefined;

afterEach(async () => {
	await world?.end();
});

/** Three devices of one person, and what they do with one draft, which one of them threw away long ago. */
class Trial {
	readonly world: World;
	id = '' as DocumentId;

	constructor() {
		this.world = world = new World({
			...{ seed: 1, devices: 3, skews: [0], hasLocks: true, order: 'sent', messages: 3 }
		});
	}

	/** A draft that all have, with a word in it. */
	async begin(): Promise<void> {
		await this.world.begin();
		await this.world.time.advance(60_000);
		this.id = await this.tab(0).open.drafts.create({ from: li, subject: 'Plans' });
		await this.type(0, 'base');
		await this.world.time.advance(60_000);
	}

	device(index: number): Device {
		const device = this.world.devices[index];
		if (device === undefined) throw new Error('no device');
		return device;
	}

	tab(index: number): Tab {
		const [tab] = this.device(index).tabs;
		if (tab === undefined) throw new Error('no tab');
		return tab;
	}

	async type(index: number, word: string): Promise<void> {
		const draft = await this.tab(index).open.drafts.open(this.id);
		if (draft === undefined) throw new Error('no draft');
		const words = draft.doc.getArray<string>('words');
		words.insert(words.length, [word]);
		await draft.save();
		await draft.close();
	}

	/** The device is put away with its last words not told. */
	async away(index: number, word?: string): Promise<void> {
		this.device(index).network.cut();
		if (word !== undefined) await this.type(index, word);
		this.device(index).close(this.tab(index));
	}

	async back(index: number): Promise<void> {
		this.device(index).network.restore();
		await this.device(index).openTab();
		await this.world.time.advance(5 * 60_000);
	}

	/** Nobody uses anything for so long; the log is trimmed meanwhile. */
	async pass(days: number): Promise<void> {
		await this.world.time.advance(60_000);
		for (const device of this.world.devices) {
			device.network.cut();
			for (const tab of [...device.tabs]) device.close(tab);
		}
		await this.world.time.advance(days * day);
		await this.world.server.file.call('trim', { before: this.world.time.now - 90 * day });
	}

	/** The words of a draft as a device holds it. */
	async words(index: number, id = this.id): Promise<readonly string[]> {
		const { words } = inDocument(await readDocument(this.tab(index).open.core, id));
		return [...words].sort();
	}

	/** What every device lists, and the words it has there. */
	async expectEverywhere(words: readonly string[]): Promise<void> {
		await this.world.rest();
		expect(this.world.server.failures).toEqual([]);
		for (const [index, { name }] of this.world.devices.entries()) {
			const listed = this.tab(index).open.drafts.list();
			expect(listed, name).toMatchObject([{ subject: 'Plans' }]);
			expect(await this.words(index, listed[0]?.id), name).toEqual([...words].sort());
		}
	}

	/** The same, and that nothing else is different anywhere. */
	async expectConvergence(words: readonly string[]): Promise<void> {
		await this.expectEverywhere(words);
		await expectConvergence(this.world);
	}
}

describe('a draft that was thrown away long ago and is written on by a device that was away', () => {
	it('[S47] [R80] is whole on a device that came after it was forgotten', async () => {
		const trial = new Trial();
		await trial.begin();
		await trial.away(1, 'late');
		await trial.tab(0).open.drafts.discard(trial.id);
		await trial.pass(31);
		await trial.world.join();
		await trial.back(0);
		await trial.back(1);
		await trial.back(2);
		await trial.expectConvergence(['base', 'late']);
	});

	it('[S47] [R80] [R83] is whole on devices below the log’s floor, what was written meanwhile too', async () => {
		const trial = new Trial();
		await trial.begin();
		await trial.away(1, 'late');
		await trial.away(2);
		await trial.type(0, 'more');
		await trial.tab(0).open.drafts.discard(trial.id);
		await trial.pass(100);
		await trial.back(0);
		await trial.back(2);
		await trial.back(1);
		await trial.expectConvergence(['base', 'late', 'more']);
	});

	it('[S47] [R80] [R96] is whole also where the device lost everything but what it had written', async () => {
		const trial = new Trial();
		await trial.begin();
		await trial.away(1, 'late');
		await trial.type(0, 'more');
		await trial.tab(0).open.drafts.discard(trial.id);
		await trial.pass(31);
		await trial.back(0);
		await trial.back(2);
		await trial.device(1).openTab();
		trial.device(1).spoilEverything();
		trial.device(1).crash(trial.tab(1));
		await trial.back(1);
		await trial.expectConvergence(['base', 'late', 'more']);
	});

	it('[S44] [R32] is a new draft where it was sent', async () => {
		const trial = new Trial();
		await trial.begin();
		await trial.away(1, 'late');
		const draft = await trial.tab(0).open.drafts.open(trial.id);
		if (draft === undefined) throw new Error('no draft');
		addRecipient(draft.doc, 'to', { name: '', address: 'wang@outside.example' });
		expect(recipientsOf(draft.doc, 'to')).toHaveLength(1);
		await draft.save();
		await draft.close();
		expect((await trial.tab(0).open.drafts.send(trial.id)).kind).toBe('queued');
		await trial.pass(100);
		await trial.back(0);
		await trial.back(2);
		await trial.back(1);
		await trial.expectEverywhere(['base', 'late']);
		expect(trial.tab(0).open.drafts.row(trial.id)).toBeUndefined();
	});
});
