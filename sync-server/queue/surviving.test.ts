import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnvelopeId, SubmissionId } from '#schema/ids.ts';
import { SmtpSink } from '../../e2e/outside/smtp-sink.ts';
import { smarthostAt, type Smarthost } from './smarthost.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { KillSwitch } from './trial/kill-switch.ts';
import { commandAbout, far, named, phone, rawSubmission, statesOf, submitCommand } from './trial/letters.ts';
import { li, Office, pieces, wang, type OfficeOptions } from './trial/office.ts';

let office: Office;
let sink: SmtpSink;
let smarthost: Smarthost;
async function openSink(): Promise<void> {
	sink = await SmtpSink.listen();
	smarthost = smarthostAt({ url: sink.url, name: 'mx.hongyan.example' });
}
beforeEach(openSink);
afterEach(async () => {
	await office.close();
	await sink.close();
});

const incoming = 'From: far@outside.example\r\nSubject: News\r\n\r\nHello\r\n';
const raw = `From: ${li}\r\nTo: ${wang}\r\nSubject: Raw\r\nMessage-ID: <r@x>\r\nDate: x\r\n\r\nHello\r\n`;

/** What clients do: a message comes in, a device submits a letter, a mail program hands one in. */
const steps = {
	accept: () => office.accept(incoming, [li, wang]),
	submit: async () =>
		office.queue.submit(await submitCommand(office, 'c1', { to: [named(wang), named(far)] })),
	raw: async () => office.queue.submitRaw(await rawSubmission(office, [wang, far]), pieces(Buffer.from(raw)))
};

/** Does a step, or stops in the middle of it because the process is dead; answers whether it was answered. */
async function done(step: () => Promise<unknown>, killed: Promise<'killed'>): Promise<boolean> {
	return (await Promise.race([step(), killed])) !== 'killed';
}

async function subjects(address: string, role?: 'sent'): Promise<string[]> {
	return (await office.mailbox(address, role)).map(({ subject }) => subject).sort();
}

async function expectEverythingOnce(context: string): Promise<void> {
	expect(await subjects(li)).toEqual(['News']);
	expect(await subjects(wang)).toEqual(['Lunch', 'News', 'Raw']);
	expect(await subjects(li, 'sent')).toEqual(['Lunch', 'Raw']);
	const states = await statesOf(office);
	expect(states).toMatchObject({ [`Lunch ${wang}`]: 'delivered', [`Raw ${wang}`]: 'delivered' });
	for (const subject of ['Lunch', 'Raw']) {
		const times = sink.letters.filter((letter) => letter.text.includes(`Subject: ${subject}`)).length;
		const state = states[`${subject} ${far}`];
		expect([`1 delivered`, `0 unknown`, `1 unknown`], `${subject}, ${context}`).toContain(
			`${times} ${state}`
		);
	}
}

describe('a process killed at any of its commits', () => {
	it.each(['before', 'after'] as const)(
		'[Q9] [Q16] [Q21] [Q22] loses and doubles nothing (%s it)',
		async (when) => {
			let wasKilled = true;
			for (let at = 1; wasKilled; at += 1) {
				const killer = new KillSwitch(at, when);
				// A sink of its own: what the dead process had sent may still be on its way.
				await sink.close();
				await openSink();
				const options: OfficeOptions = { smarthost, undoFor: 0 };
				office = await Office.open(options);
				// The office's own calls are not counted: it is the process at work that dies.
				await office.crash({ ...options, storeOf: (store) => killer.over(store) }, killer.killed);
				const unanswered: (() => Promise<unknown>)[] = [];
				for (const step of Object.values(steps)) {
					if (!(await done(step, killer.killed))) unanswered.push(step);
				}
				wasKilled = (await Promise.race([office.queue.idle(), killer.killed])) === 'killed';
				await office.crash(options);
				for (const step of unanswered) await step();
				await office.queue.idle();
				await expectEverythingOnce(`killed ${when} call ${at}: ${killer.fatal}`);
				expect(await office.queue.counts()).toEqual(
					Object.values(await statesOf(office)).includes('unknown')
						? { unknown: expect.anything() as number }
						: {}
				);
				if (wasKilled) await office.close();
				else expect(at).toBeGreaterThan(20);
			}
		}
	);
});

describe('tentative envelopes', () => {
	const tentative = async (id: string) => {
		const { space } = await commandAbout(office, 'c1');
		const { submission } = await commandAbout(office, 'c1');
		const content = await office.queue.collect(pieces(Buffer.from(raw)));
		const organisation = (await office.directory.organisation())?.id;
		if (organisation === undefined) throw new Error('there is no organisation');
		await office.queueFile().call('accept', {
			endings: [],
			envelope: {
				id: id as EnvelopeId,
				organisation,
				state: 'tentative',
				maker: 'person',
				sender: li,
				submission: { space, id: submission },
				size: content.size,
				dataHash: content.dataHash,
				content: content.stored,
				trace: null,
				deliveries: [{ ...(await office.recipient(wang)), recipient: wang, guard: null, leased: false }]
			}
		});
	};

	it('[Q23] that no space accepted go after ten seconds, while running', async () => {
		const full = (): Promise<never> => Promise.reject(new StoreError('full', 'no room'));
		const storeOf = (store: Store): Store => ({
			...store,
			file: (kind, path) => {
				const file = store.file(kind, path);
				return { call: (...call) => (call[0] === 'submit' ? full() : file.call(...call)) };
			}
		});
		office = await Office.open({ smarthost, storeOf });
		const submitting = office.queue.submit(await submitCommand(office, 'c1', {}));
		await expect(submitting).rejects.toEqual(new StoreError('full', 'no room'));
		await office.advance(9_999);
		expect(await office.queue.counts()).toEqual({ waiting: 1 });
		await office.advance(1);
		expect(await office.queue.counts()).toEqual({});
		expect(await office.mailbox(wang)).toEqual([]);
	});

	it('[Q23] go at the start, whatever their age', async () => {
		office = await Office.open({ smarthost });
		await tentative('e1');
		await office.crash();
		expect(await office.queue.counts()).toEqual({});
	});

	it('[Q23] of a submission that another envelope was accepted for are never sent', async () => {
		office = await Office.open({ smarthost });
		await office.queue.submit(await submitCommand(office, 'c1', {}));
		await tentative('e2');
		await office.advance(60_000);
		await office.crash();
		await office.advance(60_000);
		expect(await subjects(wang)).toEqual(['Lunch']);
	});

	it('[Q52] [Q23] nor when their sender lets the letter go at once', async () => {
		office = await Office.open({ smarthost });
		await office.queue.submit(await submitCommand(office, 'c1', {}));
		await tentative('e2');
		await office.queue.releaseEarly(await commandAbout(office, 'c2'));
		await office.queue.idle();
		await office.advance(60_000);
		expect(await subjects(wang)).toEqual(['Lunch']);
	});
});

describe('a letter of unknown fate', () => {
	beforeEach(async () => {
		sink.answer = () => 'vanish';
		office = await Office.open({ smarthost, undoFor: 0 });
		await office.queue.submit(await submitCommand(office, 'c1', { to: [named(far)] }));
		await office.queue.idle();
	});

	it('[Q16] is told to be so, and not sent again by itself', async () => {
		expect(await statesOf(office)).toEqual({ [`Lunch ${far}`]: 'unknown' });
		await office.advance(86_400_000);
		await office.crash();
		await office.advance(86_400_000);
		expect(sink.seen).toHaveLength(1);
	});

	it('[Q28] is sent again when its sender wants it: the same bytes, the same Message-ID', async () => {
		sink.answer = () => 'take';
		expect(await office.queue.sendAgain(await commandAbout(office, 'c2'))).toEqual({ kind: 'done' });
		await office.queue.idle();
		expect(await statesOf(office)).toEqual({ [`Lunch ${far}`]: 'delivered' });
		expect(sink.letters[0]?.text).toBe(sink.seen[0]?.text);
	});

	it('[S29] is sent again with word of whose device wanted it', async () => {
		sink.answer = () => 'take';
		await office.queue.sendAgain(await commandAbout(office, 'c2'));
		await office.queue.idle();
		const entries = await (await office.file(li)).call('entries', { after: 0, limitBytes: 1e6 });
		const ofPhone =
			entries.kind === 'entries' ? entries.entries.filter(({ device }) => device === phone) : [];
		expect(ofPhone.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([
			['submission'],
			['delivery']
		]);
	});

	it('[Q28] is sent again once for each command, whenever that is repeated', async () => {
		sink.answer = () => 'take';
		const command = await commandAbout(office, 'c2');
		await office.queue.sendAgain(command);
		await office.queue.idle();
		expect(await office.queue.sendAgain(command)).toEqual({ kind: 'done' });
		await office.queue.idle();
		expect(sink.letters).toHaveLength(1);
	});

	it('[Q28] can be sent again for 30 days', async () => {
		await office.advance(29 * 86_400_000);
		expect(await office.queue.counts()).toEqual({ unknown: 1 });
		await office.advance(2 * 86_400_000);
		await office.crash();
		expect(await office.queue.counts()).toEqual({});
		expect(await office.queue.sendAgain(await commandAbout(office, 'c2'))).toMatchObject({
			kind: 'refused',
			code: 'unknown-subject'
		});
	});

	it('[W36] is not sent again by a command that was refused before', async () => {
		const early = { ...(await commandAbout(office, 'c2')), submission: 'draft-b-0' as SubmissionId };
		const refusal = await office.queue.sendAgain(early);
		expect(refusal).toMatchObject({ kind: 'refused', code: 'unknown-subject' });
		expect(await office.queue.sendAgain(await commandAbout(office, 'c2'))).toEqual(refusal);
		expect(await office.queue.counts()).toEqual({ unknown: 1 });
	});
});

describe('two people whose devices chose the same id', () => {
	it('[Q46] call back only their own letter', async () => {
		office = await Office.open({ smarthost });
		await office.queue.submit(await submitCommand(office, 'c1', {}));
		expect(await office.queue.cancel(await commandAbout(office, 'c2', wang))).toEqual({ kind: 'done' });
		await office.queue.idle();
		await office.advance(10_000);
		expect(await subjects(wang)).toEqual(['Lunch']);
		expect(await statesOf(office)).toEqual({ [`Lunch ${wang}`]: 'delivered' });
	});

	it('[Q46] send again only their own letter', async () => {
		sink.answer = () => 'vanish';
		office = await Office.open({ smarthost, undoFor: 0 });
		await office.queue.submit(await submitCommand(office, 'c1', { to: [named(far)] }));
		await office.queue.submit(
			await submitCommand(office, 'c2', { from: named(wang), to: [named(li)] }, wang)
		);
		await office.queue.idle();
		expect(await statesOf(office)).toEqual({ [`Lunch ${far}`]: 'unknown' });
		const answer = await office.queue.sendAgain(await commandAbout(office, 'c3', wang));
		expect(answer).toMatchObject({ kind: 'refused', code: 'unknown-subject' });
		await office.queue.idle();
		expect(sink.seen).toHaveLength(1);
		expect((await office.opening(wang)).deliveries.map(({ recipient }) => recipient)).toEqual([li]);
	});
});
