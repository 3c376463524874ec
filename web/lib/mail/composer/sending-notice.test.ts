import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { speak } from '#lib/i18n/messages.svelte.ts';
import type { ServerLink } from '#lib/replica/connectivity.ts';
import type { OpenReplica } from '#lib/replica/open-replica.ts';
import { settled } from '#lib/replica/trial/manual-clock.ts';
import { Office } from '#lib/replica/trial/office.ts';
import { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { DocumentId, SubmissionId } from '#schema/ids.ts';
import type { SubmissionState } from '#schema/mail/message.ts';
import type { CommandFrame } from '#schema/protocol/messages.ts';
import { li as from } from '#schema/trial/people.ts';
import { SendingNotice } from './sending-notice.ts';

let office: Office;
let tab: OpenReplica;
let toasts: Toasts;
let reopened = 0;

beforeAll(async () => {
	vi.stubGlobal('document', { documentElement: { lang: '' } });
	await speak('en');
});

beforeEach(async () => {
	office = new Office();
	tab = await office.openTab();
	const { clock } = office.machine;
	const start = (run: () => void, delay: number) => clock.after(delay, run);
	toasts = new Toasts({ now: () => clock.now(), start, stop: (timer) => (timer as () => void)() });
	reopened = 0;
});

afterEach(() => {
	office.close();
});

interface Letter {
	readonly id: DocumentId;
	readonly submission: SubmissionId;
	readonly notice: SendingNotice;
}

async function send(
	connectivity: Pick<OpenReplica['connectivity'], 'server' | 'subscribe'> = tab.connectivity
) {
	const to = [{ name: '', address: 'wang@outside.example' }];
	const id = await tab.drafts.create({ from, to, subject: 'Hello', text: 'Text' });
	const outcome = await tab.drafts.send(id);
	if (outcome.kind !== 'queued') throw new Error(outcome.problems.join());
	const { submission } = outcome;
	const reopen = () => (reopened += 1);
	const { outbox } = tab;
	const { clock } = office.machine;
	const notice = new SendingNotice({ outbox, connectivity, submission, toasts, reopen, clock });
	await settled();
	return { id, submission, notice };
}

/** The server's clock is an hour ahead of this device's. */
const ahead = 3_600_000;

async function becomes({ id, submission }: Letter, state: SubmissionState): Promise<void> {
	const now = office.machine.clock.now() + ahead;
	const letter = {
		subject: 'Hello',
		recipients: [],
		document: id,
		submittedAt: now,
		releaseAt: now + 10_000
	};
	await office.tell({ kind: 'submission', submission: { id: submission, state, ...letter } });
}

async function answer(result: object): Promise<void> {
	const [command] = office.socket.sent('command').slice(-1) as CommandFrame[];
	office.socket.say('answer', { id: command?.id, result });
	await settled();
}

const advance = (milliseconds: number) => office.machine.clock.advance(milliseconds);
const texts = () => toasts.shown.map(({ text }) => text);
const offers = () => toasts.shown.flatMap(({ actions }) => actions.map(({ label }) => label));

async function press(label: string): Promise<void> {
	for (const toast of toasts.shown)
		for (const action of toast.actions) if (action.label === label) toasts.act(toast, action);
	await settled();
}

describe('what is said of a letter that was sent', () => {
	it('[X-undo-a] counts down to when it goes, by how long the server holds it and no clock of its own', async () => {
		await office.connect();
		const letter = await send();
		expect([texts(), offers()]).toEqual([['Sending'], ['Undo send']]);
		await becomes(letter, 'held');
		expect([texts(), offers()]).toEqual([['Sends in 10 s'], ['Undo send', 'Send now']]);
		const spoken = toasts.shown.map((toast) => toast.spoken);
		await advance(1_000);
		expect(texts()).toEqual(['Sends in 9 s']);
		await advance(8_999);
		expect(texts()).toEqual(['Sends in 1 s']);
		expect(toasts.shown.map((toast) => toast.spoken)).toEqual(spoken);
		await advance(1);
		expect([texts(), offers()]).toEqual([['Sending'], []]);
		await becomes(letter, 'queued');
		expect(texts()).toEqual(['Letter handed over for sending']);
		await advance(60_000);
		expect(texts()).toEqual([]);
	});

	it('[X-undo-a] sends it at once when that is asked for, and then offers nothing more', async () => {
		await office.connect();
		const letter = await send();
		await becomes(letter, 'held');
		await answer({ kind: 'submitted', releaseAt: office.machine.clock.now() + ahead + 10_000 });
		await press('Send now');
		expect([texts(), offers()]).toEqual([['Sending'], []]);
		expect((office.socket.sent('command') as CommandFrame[]).at(-1)?.body).toEqual({
			name: 'release-submission',
			submission: letter.submission
		});
		await advance(2_000);
		expect([texts(), offers()]).toEqual([['Sending'], []]);
		await becomes(letter, 'queued');
		expect(texts()).toEqual(['Letter handed over for sending']);
		expect(letter.notice.callBack()).toBe(false);
	});

	it('[X-offline-a] is that it waits for the network, with nothing counted, until there is one', async () => {
		const letter = await send();
		expect([texts(), offers()]).toEqual([['On this device; goes when you are online'], ['Undo send']]);
		await advance(5_000);
		expect(texts()).toEqual(['On this device; goes when you are online']);
		await office.connect();
		expect(texts()).toEqual(['Sending']);
		await becomes(letter, 'held');
		expect(texts()).toEqual(['Sends in 10 s']);
	});

	it('[X-undo-a] offers no sending at once where the server is not reached', async () => {
		await office.connect();
		const letter = await send();
		await becomes(letter, 'held');
		office.socket.closeWith(1006);
		await settled();
		expect([texts(), offers()]).toEqual([['Sends in 10 s'], ['Undo send']]);
	});

	it('[X-undo-a] is not said for ever where nobody tells any more what became of it', async () => {
		await office.connect();
		const letter = await send();
		await becomes(letter, 'held');
		office.socket.closeWith(1006);
		await advance(10_000);
		expect(texts()).toEqual(['Sending']);
		await advance(10_000);
		expect(texts()).toEqual([]);
	});

	it('[X-undo-a] is over when it is called back, by the notice or by the key', async () => {
		const first = await send();
		await press('Undo send');
		expect([texts(), reopened]).toEqual([['Called back; the draft is there again'], 1]);
		expect(first.notice.callBack()).toBe(false);
		const second = await send();
		expect(second.notice.callBack()).toBe(true);
		await settled();
		expect([tab.outbox.items(), reopened]).toEqual([[], 2]);
	});

	it('[X-undo-a] is nothing more once somebody sent it away', async () => {
		await office.connect();
		const letter = await send();
		await becomes(letter, 'held');
		for (const { id } of toasts.shown) toasts.dismiss(id);
		await advance(3_000);
		await becomes(letter, 'queued');
		expect(texts()).toEqual([]);
	});

	it('[X-sync-a] is why the server did not take it, which stays until it is read', async () => {
		await office.connect();
		await send();
		await answer({ kind: 'refused', code: 'no-route', detail: '' });
		await advance(60_000);
		expect(toasts.shown).toMatchObject([{ tone: 'error' }]);
		expect(offers()).toEqual(['Edit']);
	});

	it.each([
		['online', 'Sending'],
		['offline', 'On this device; goes when you are online'],
		['signed-out', 'On this device; goes when you are online'],
		['outdated', 'On this device; goes when you are online']
	] as const)(
		'[X-sync-a] speaks of the server alone, whatever else is the matter: %s',
		async (kind, text) => {
			const server = (): ServerLink => ({ kind, lastSync: null });
			await send({ server, subscribe: () => () => undefined });
			expect(texts()).toEqual([text]);
		}
	);
});
