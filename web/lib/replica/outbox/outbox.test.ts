import { afterEach, describe, expect, it } from 'vitest';
import { addRecipient } from '#schema/docs/draft.ts';
import type { DocumentId, SubmissionId } from '#schema/ids.ts';
import type { SubmissionFact } from '#schema/mail/message.ts';
import type { CommandFrame, CommandResult } from '#schema/protocol/messages.ts';
import { li as from } from '#schema/trial/people.ts';
import type { OpenReplica } from '../open-replica.ts';
import { arrived, generation } from '../trial/letters.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office, space } from '../trial/office.ts';
import type { TabNotice } from '../tabs.ts';

const wang = { name: '', address: 'wang@outside.example' };

let office = new Office();

afterEach(() => {
	office.close();
});

async function openTab(): Promise<OpenReplica> {
	office = new Office();
	return office.openTab();
}

async function sendLetter(tab: OpenReplica, subject = 'Hello') {
	const id = await tab.drafts.create({ from, to: [wang], subject, text: 'Text' });
	const outcome = await tab.drafts.send(id);
	if (outcome.kind !== 'queued') throw new Error(outcome.problems.join());
	await settled();
	return { id, ...outcome };
}

function commands(): CommandFrame[] {
	return office.socket.sent('command') as CommandFrame[];
}

async function answer(result: CommandResult, index = -1): Promise<void> {
	office.socket.say('answer', { id: commands().at(index)?.id, result });
	await settled();
}

function fact(submission: SubmissionId, document: DocumentId, over: Partial<SubmissionFact> = {}) {
	const now = office.machine.clock.now();
	return {
		kind: 'submission' as const,
		submission: {
			...{ id: submission, document, state: 'held' as const, releaseAt: now + 10_000 },
			...{ subject: 'Hello', recipients: [wang], submittedAt: now },
			...over
		}
	};
}

const states = (tab: OpenReplica) => tab.outbox.items().map(({ state }) => state.kind);

describe('the outbox', () => {
	it('[R35] keeps a letter through a crash and sends it once there is a connection', async () => {
		const first = await openTab();
		const { submission } = await sendLetter(first);
		expect(states(first)).toEqual(['waiting']);
		first.close();
		const second = await office.openTab();
		expect(states(second)).toEqual(['waiting']);
		await office.connect();
		expect(commands()).toHaveLength(1);
		expect(commands()[0]?.body).toMatchObject({
			name: 'submit',
			submission,
			letter: { subject: 'Hello', to: [wang], zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
		});
		expect(states(second)).toEqual(['sending']);
	});

	it('[R35] sends an unanswered command again under its id, and the next one only after it', async () => {
		const tab = await openTab();
		await office.connect();
		await sendLetter(tab, 'One');
		office.machine.clock.set(office.machine.clock.now() + 1);
		await sendLetter(tab, 'Two');
		expect(commands()).toHaveLength(1);
		const [first] = commands();
		office.socket.closeWith(1006);
		await office.machine.clock.advance(1_000);
		await office.connect();
		expect(commands()).toEqual([first]);
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() + 10_000 });
		expect(commands().map(({ body }) => body.name === 'submit' && body.letter.subject)).toEqual([
			'One',
			'Two'
		]);
	});

	it('[R35] shows a letter once, also where the fact of it comes before the answer', async () => {
		const tab = await openTab();
		await office.connect();
		const { id, submission } = await sendLetter(tab);
		const releaseAt = office.machine.clock.now() + 10_000;
		await office.tell(fact(submission, id, { releaseAt }));
		expect(tab.outbox.items().map(({ state }) => state)).toEqual([
			{ kind: 'held', releaseAt, heldFor: 10_000 }
		]);
	});

	it('[R35] follows a letter from waiting to its recipients', async () => {
		const tab = await openTab();
		await office.connect();
		const { id, submission } = await sendLetter(tab);
		const releaseAt = office.machine.clock.now() + 10_000;
		await answer({ kind: 'submitted', releaseAt });
		expect(tab.outbox.items()[0]?.state).toEqual({ kind: 'held', releaseAt });
		await office.tell(fact(submission, id, { releaseAt }));
		expect(tab.outboxMemory.rows).toEqual([]);
		expect(tab.outbox.items()).toHaveLength(1);
		const delivery = {
			...{ submission, recipient: wang.address, state: 'delivered' as const },
			...{ status: '2.0.0', detail: '', at: releaseAt }
		};
		await office.tell(fact(submission, id, { state: 'queued' }), { kind: 'delivery', delivery });
		expect(tab.outbox.items()[0]?.state).toEqual({ kind: 'released', deliveries: [delivery] });
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R86] lets go of a letter that was taken so long ago that nobody tells of it any more', async () => {
		const tab = await openTab();
		await office.connect();
		const { submission } = await sendLetter(tab);
		const releaseAt = office.machine.clock.now() + 10_000;
		office.socket.closeWith(1006);
		office.machine.clock.set(releaseAt + 29 * 24 * 3600 * 1000);
		await office.machine.clock.advance(1_000);
		await office.connect();
		await answer({ kind: 'submitted', releaseAt });
		expect(states(tab)).toEqual(['held']);
		office.socket.closeWith(1006);
		office.machine.clock.set(releaseAt + 100 * 24 * 3600 * 1000);
		await tab.outbox.cancel(submission);
		expect(states(tab)).toEqual(['cancelling']);
		await office.machine.clock.advance(1_000);
		await office.connect();
		await answer({ kind: 'refused', code: 'already-released', detail: '' });
		expect(states(tab)).toEqual([]);
	});

	it('[R86] keeps one that was taken just now, however far the clock is ahead', async () => {
		const tab = await openTab();
		const ahead = 90 * 24 * 3600 * 1000;
		office.socket.events.opened();
		office.socket.welcome(office.machine.clock.now() - ahead);
		await settled();
		await office.tell();
		await sendLetter(tab);
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() - ahead + 10_000 });
		expect(states(tab)).toEqual(['held']);
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R35] tries again what the server can’t take for now', async () => {
		const tab = await openTab();
		await office.connect();
		await sendLetter(tab);
		await answer({ kind: 'refused', code: 'storage-full', detail: '' });
		expect(states(tab)).toEqual(['sending']);
		await office.machine.clock.advance(5_000);
		expect(commands()).toHaveLength(2);
		expect(commands()[1]).toEqual(commands()[0]);
	});

	it('[R37] calls back here what never left', async () => {
		const tab = await openTab();
		const { id, submission } = await sendLetter(tab);
		expect(tab.drafts.list()).toEqual([]);
		expect(await tab.outbox.cancel(submission)).toBe('cancelled');
		expect(tab.outbox.items()).toEqual([]);
		expect(tab.drafts.list().map((row) => row.id)).toEqual([id]);
		await office.connect();
		expect(commands()).toEqual([]);
	});

	it('[R37] asks the server for what may have left, and not where it is too late', async () => {
		const tab = await openTab();
		await office.connect();
		const { id, submission } = await sendLetter(tab);
		expect(await tab.outbox.cancel(submission)).toBe('asked');
		expect(await tab.outbox.cancel(submission)).toBe('asked');
		expect(states(tab)).toEqual(['cancelling']);
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() + 10_000 });
		await office.tell(fact(submission, id));
		expect(commands().map(({ body }) => body.name)).toEqual(['submit', 'cancel-submission']);
		await office.tell(fact(submission, id, { state: 'cancelled' }));
		await answer({ kind: 'done' });
		expect(states(tab)).toEqual(['cancelled']);
		expect(tab.drafts.list().map((row) => row.id)).toEqual([id]);
		await office.tell(fact('other-0' as SubmissionId, id, { state: 'queued' }));
		expect(await tab.outbox.cancel('other-0' as SubmissionId)).toBe('too-late');
	});

	it('[R87] asks the server once to send at once what it holds', async () => {
		const tab = await openTab();
		await office.connect();
		const { id, submission } = await sendLetter(tab);
		await tab.outbox.sendNow(submission);
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() + 10_000 });
		expect(commands().map(({ body }) => body.name)).toEqual(['submit']);
		await office.tell(fact(submission, id));
		await tab.outbox.sendNow(submission);
		await tab.outbox.sendNow(submission);
		await settled();
		expect(commands().map(({ body }) => body)).toMatchObject([
			{ name: 'submit' },
			{ name: 'release-submission', submission }
		]);
		expect(states(tab)).toEqual(['held']);
		await answer({ kind: 'refused', code: 'malformed', detail: '' });
		expect(states(tab)).toEqual(['held']);
		expect(tab.outboxMemory.rows).toEqual([]);
	});

	it('[R87] sends nothing at once that is called back before that wish left', async () => {
		const tab = await openTab();
		await office.connect();
		const { id, submission } = await sendLetter(tab);
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() + 10_000 });
		await office.tell(fact(submission, id));
		office.socket.closeWith(1006);
		await tab.outbox.sendNow(submission);
		expect(await tab.outbox.cancel(submission)).toBe('asked');
		await tab.outbox.sendNow(submission);
		await office.machine.clock.advance(1_000);
		await office.connect();
		expect(commands().map(({ body }) => body.name)).toEqual(['cancel-submission']);
	});

	it('[R39] sends a letter that was called back again under another id', async () => {
		const tab = await openTab();
		await office.connect();
		const { id, submission } = await sendLetter(tab);
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() + 10_000 });
		await office.tell(fact(submission, id, { state: 'cancelled' }));
		const again = await tab.drafts.send(id);
		expect(again).toMatchObject({ kind: 'queued', submission: `${id}-1` });
	});

	it('[R38] tells that another device had sent the draft, until it is dismissed', async () => {
		const tab = await openTab();
		await office.connect();
		await sendLetter(tab);
		await answer({ kind: 'refused', code: 'already-sent', detail: 'device-2' });
		const [item] = tab.outbox.items();
		expect(item?.state).toEqual({ kind: 'refused', code: 'already-sent', detail: 'device-2' });
		expect(tab.connectivity.state()).toEqual({ kind: 'attention', count: 1 });
		await tab.outbox.dismiss(item?.id ?? '');
		expect(tab.outbox.items()).toEqual([]);
	});

	it('[R38] does not send a draft twice from one device', async () => {
		const tab = await openTab();
		const { id } = await sendLetter(tab);
		expect(await tab.drafts.send(id)).toEqual({ kind: 'invalid', problems: ['already-sending'] });
	});

	it('[R34] hides what is removed for good, names the cursor it saw, and shows it again if refused', async () => {
		const tab = await openTab();
		await office.connect();
		await office.tell(arrived(0), arrived(1));
		await tab.outbox.purge([1]);
		expect(tab.core.memory.columns.row(1)).toBeUndefined();
		await settled();
		expect(commands()[0]?.body).toEqual({ name: 'purge', arrivals: [1, 1], seen: { generation, seq: 2 } });
		await answer({ kind: 'refused', code: 'not-permitted', detail: '' });
		expect(tab.core.memory.columns.row(1)).toBeDefined();
		expect(states(tab)).toEqual(['refused']);
	});

	it('[R35] asks to send a letter of unknown fate once more', async () => {
		const tab = await openTab();
		await office.connect();
		await tab.outbox.sendAgain('draft-0' as SubmissionId);
		await settled();
		expect(commands()[0]?.body).toEqual({ name: 'send-again', submission: 'draft-0' });
		await answer({ kind: 'done' });
		expect(tab.outbox.items()).toEqual([]);
	});
});

describe('attachments', () => {
	const blob = new Blob([new Uint8Array(1000)]);

	async function draftWithFile(tab: OpenReplica) {
		const id = await tab.drafts.create({ from, subject: 'With a file' });
		const draft = await tab.drafts.open(id);
		if (draft === undefined) throw new Error('no draft');
		addRecipient(draft.doc, 'to', wang);
		const attached = await draft.attach({ name: '报告.pdf', type: 'application/pdf', blob });
		await settled();
		return { id, draft, attached };
	}

	it('[R36] go before their letter, as soon as there is a connection', async () => {
		const tab = await openTab();
		const { id, draft } = await draftWithFile(tab);
		expect(draft.attachments()).toMatchObject([{ name: '报告.pdf', size: 1000, state: { kind: 'waiting' } }]);
		await draft.close();
		await tab.drafts.send(id);
		await office.connect();
		await settled();
		expect(office.machine.uploads).toHaveLength(1);
		expect(new URL(office.machine.uploads[0]?.url ?? '', 'http://x').searchParams.get('name')).toBe(
			'报告.pdf'
		);
		expect(commands()).toHaveLength(1);
	});

	it('[R36] keep their letter waiting while they can’t be brought', async () => {
		const tab = await openTab();
		office.machine.uploadStatus = null;
		const { id, draft } = await draftWithFile(tab);
		await draft.close();
		await tab.drafts.send(id);
		await office.connect();
		expect(states(tab)).toEqual(['waiting']);
		office.machine.uploadStatus = 201;
		await office.machine.clock.advance(10_000);
		expect(office.machine.uploads).toHaveLength(2);
		expect(commands()).toHaveLength(1);
	});

	it('[R36] [R81] wait while the server has no room, and are brought when it has', async () => {
		const tab = await openTab();
		await office.connect();
		Object.assign(office.machine, { uploadStatus: 507, uploadCode: 'storage-full' });
		const { id, draft } = await draftWithFile(tab);
		await office.ackAll();
		expect(draft.attachments()[0]?.state).toEqual({ kind: 'waiting' });
		expect((await tab.drafts.send(id)).kind).toBe('queued');
		await office.machine.clock.advance(10_000);
		expect(tab.connectivity.state().kind).toBe('server-full');
		Object.assign(office.machine, { uploadStatus: 201, uploadCode: null });
		await office.machine.clock.advance(10_000);
		expect(commands()).toHaveLength(1);
		expect(tab.connectivity.state().kind).not.toBe('server-full');
		await draft.close();
	});

	it('[R36] are refused where their person has no room left', async () => {
		const tab = await openTab();
		await office.connect();
		Object.assign(office.machine, { uploadStatus: 507, uploadCode: 'quota' });
		const { draft } = await draftWithFile(tab);
		expect(draft.attachments()[0]?.state).toEqual({ kind: 'refused', code: 'quota' });
		await draft.close();
	});

	it('[R36] that the server refuses say so, and their letter is not sent', async () => {
		const tab = await openTab();
		await office.connect();
		office.machine.uploadStatus = 413;
		const { id, draft } = await draftWithFile(tab);
		expect(draft.attachments()[0]?.state).toEqual({ kind: 'refused', code: 'too-large' });
		expect(await tab.drafts.send(id)).toEqual({ kind: 'invalid', problems: ['attachment-refused'] });
		await draft.detach(draft.attachments()[0]?.id ?? ('' as never));
		expect((await tab.drafts.send(id)).kind).toBe('queued');
		await draft.close();
	});

	it('[R36] [X-sync-a] tell every tab how far they are, in steps, also one that opens later', async () => {
		const tab = await openTab();
		await office.connect();
		const second = await office.openTab();
		const told: unknown[] = [];
		office.machine.environment().openChannel(`hongyan-${space}`, (notice) => {
			if ((notice as TabNotice).kind === 'progress') told.push(notice);
		});
		const end = Promise.withResolvers<undefined>();
		office.machine.uploadSteps = Array.from({ length: 501 }, (_, step) => step / 1000);
		office.machine.uploadEnd = end.promise;
		const { id, draft } = await draftWithFile(tab);
		const seen = [await second.drafts.open(id), await (await office.openTab()).drafts.open(id)];
		const far = () => seen.map((other) => other?.attachments()[0]?.state);
		const half = { kind: 'uploading', sent: 500 };
		expect(far()).toEqual([half, half]);
		expect(told.length).toBeLessThan(15);
		office.socket.closeWith(1006);
		await settled();
		expect(far()).toEqual([{ kind: 'waiting' }, { kind: 'waiting' }]);
		end.resolve(undefined);
		await settled();
		expect(far()).toEqual([{ kind: 'uploaded' }, { kind: 'uploaded' }]);
		for (const other of [draft, ...seen]) await other?.close();
	});

	it('[R36] over the limit are not taken at all', async () => {
		const tab = await openTab();
		const { draft } = await draftWithFile(tab);
		const huge = {
			size: 35_000_001,
			arrayBuffer: () => Promise.reject(new Error('read'))
		} as unknown as Blob;
		expect(await draft.attach({ name: 'film', type: 'video/mp4', blob: huge })).toEqual({
			kind: 'refused',
			code: 'too-large'
		});
		await draft.close();
	});
});
