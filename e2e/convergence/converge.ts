import { expect } from 'vitest';
import type { RegisterValue } from '#schema/docs/registers.ts';
import { pictureOfServer, pictureOfTab } from './picture.ts';
import { World, type WorldOptions } from './world.ts';

/** The value of a register as a picture of its message has it. */
function valueIn(picture: string | undefined, field: string): RegisterValue | undefined {
	if (picture === undefined) return undefined;
	const [mailbox = '', _thread, ...set] = picture.split(' ');
	return field === 'mailbox' ? mailbox : set.includes(field);
}

/** Every letter put into an outbox went out once, or was called back; none waits any more. */
function expectSentOnce(world: World, states: Readonly<Record<string, string>>): void {
	for (const submission of world.sent) {
		const released = world.server.released.get(submission) ?? 0;
		expect(released, submission).toBe(states[submission] === 'queued' ? 1 : 0);
		expect(states[submission], submission).not.toBe('held');
	}
	for (const device of world.devices) {
		for (const { open } of device.tabs) {
			const waiting = open.outboxMemory.rows.filter(
				({ state }) => state.kind === 'waiting' || state.kind === 'sent'
			);
			expect(waiting, device.name).toEqual([]);
		}
	}
}

/** Expects that every tab shows what the server has, and that nothing acknowledged is missing from it. */
async function expectConvergence(world: World): Promise<void> {
	expect(world.server.failures).toEqual([]);
	const documents = [...world.typed.keys()];
	const truth = await pictureOfServer(world.server, documents);
	for (const device of world.devices) {
		for (const tab of device.tabs) {
			expect(tab.open.core.memory.pending.size, `pending changes of ${device.name}`).toBe(0);
			// A letter that another device had sent already is told, and stays told.
			expect(['synced', 'attention'], device.name).toContain(tab.open.connectivity.state().kind);
			expect(await pictureOfTab(tab, documents), device.name).toEqual(truth);
		}
	}
	for (const [document, words] of world.typed) {
		const kept = truth.texts[document]?.split(' ') ?? [];
		expect(words.filter((word) => !kept.includes(word))).toEqual([]);
	}
	expectSentOnce(world, truth.submissions);
	expect(world.witness.lost((arrival, field) => valueIn(truth.messages[arrival], field))).toEqual([]);
}

/** Lets so many things happen in a world, then expects its replicas to be one. */
export async function converge(options: WorldOptions, steps: number): Promise<void> {
	const world = new World(options);
	try {
		await world.begin();
		for (let step = 0; step < steps; step += 1) await world.step();
		await world.rest();
		await expectConvergence(world);
	} finally {
		await world.end();
	}
}
