import { expect } from 'vitest';
import type { AttachmentId, DocumentId } from '#schema/ids.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import { pictureOfServer, pictureOfTab, type Picture } from './picture.ts';
import { World, type WorldOptions } from './world.ts';

/** The value of a register as a picture of its message has it. */
function valueIn(picture: string | undefined, field: string): RegisterValue | undefined {
	if (picture === undefined) return undefined;
	const [mailbox = '', _thread, ...set] = picture.split(' ');
	return field === 'mailbox' ? mailbox : set.includes(field);
}

function isGone(truth: Picture, document: DocumentId): boolean {
	return truth.subjects[`${registerSubjects.draft(document)} deleted`] === 'true';
}

/** The files of a draft that is gone go with the log, and do not come back with it. */
function mayBeTrimmed(world: World, truth: Picture, document: DocumentId): boolean {
	return isGone(truth, document) || world.drafting.witness.wasDiscarded(document);
}

/** Every letter put into an outbox went out once, with its files, or was called back; none waits any more. */
function expectSentOnce(world: World, truth: Picture): void {
	const states = truth.submissions;
	for (const [submission, files] of world.drafting.sent) {
		const released = world.server.released.get(submission) ?? 0;
		expect(released, submission).toBe(states[submission] === 'queued' ? 1 : 0);
		expect(states[submission], submission).not.toBe('held');
		const taken = world.server.takenWith.get(submission);
		if (taken !== undefined) expect(files, submission).toContainEqual(taken);
	}
	for (const device of world.devices) {
		for (const { open } of device.tabs) {
			const { rows, attachments } = open.outboxMemory;
			const waiting = rows.filter(({ state }) => state.kind === 'waiting' || state.kind === 'sent');
			expect(waiting, device.name).toEqual([]);
			// A letter never goes before the files this device attached to it.
			const early = rows.filter(
				({ state, body }) =>
					state.kind === 'refused' &&
					state.code === 'attachment-missing' &&
					body.name === 'submit' &&
					attachments.get(state.detail as AttachmentId)?.document === body.document &&
					!mayBeTrimmed(world, truth, body.document)
			);
			expect(early, device.name).toEqual([]);
		}
	}
}

/** Expects that drafts hold everything that was put into them, and that the server has their files. */
async function expectDraftsWhole(world: World, truth: Picture): Promise<void> {
	const { witness } = world.drafting;
	for (const document of world.drafting.documents()) {
		const pieces = truth.texts[document]?.split(' ') ?? [];
		expect(witness.lost(document, pieces)).toEqual([]);
		// Whether an edit or a discard came first is told by the order of frames.
		if (world.order !== 'swapped') expect(witness.mislisted(document, isGone(truth, document))).toEqual([]);
		for (const { id, bytes } of mayBeTrimmed(world, truth, document) ? [] : witness.files(document)) {
			const stored = await world.server.fileBytes(id);
			expect(stored === null ? stored : Buffer.compare(stored, bytes), `file ${id}`).toBe(0);
		}
	}
}

/** Expects that every tab shows what the server has, and that nothing acknowledged is missing from it. */
export async function expectConvergence(world: World): Promise<void> {
	expect(world.server.failures).toEqual([]);
	const documents = world.drafting.documents();
	const truth = await pictureOfServer(world.server, documents);
	for (const device of world.devices) {
		for (const tab of device.tabs) {
			expect(tab.open.core.memory.pending.size, `pending changes of ${device.name}`).toBe(0);
			// A letter that another device had sent already is told, and stays told.
			expect(['synced', 'attention'], device.name).toContain(tab.open.connectivity.state().kind);
			expect(await pictureOfTab(tab, documents), device.name).toEqual(truth);
		}
	}
	await expectDraftsWhole(world, truth);
	expectSentOnce(world, truth);
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
