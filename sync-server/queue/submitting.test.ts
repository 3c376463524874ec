import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentId, CommandId, DocumentId } from '#schema/ids.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import { submissionIdOf, successorOf, type ComposedLetter } from '#schema/mail/submission.ts';
import { SmtpSink } from '../../e2e/outside/smtp-sink.ts';
import { blobHashOf } from '../store/blobs/blob-store.ts';
import { smarthostAt } from './smarthost.ts';
import { commandAbout, document, far, named, phone, submission, submitCommand } from './trial/letters.ts';
import { li, Office, startOfTime, wang, type OfficeOptions } from './trial/office.ts';

let office: Office;
let sink: SmtpSink;
beforeEach(async () => {
	sink = await SmtpSink.listen();
});
afterEach(async () => {
	await office.close();
	await sink.close();
});

async function open(options: OfficeOptions = {}): Promise<void> {
	const smarthost = smarthostAt({ url: sink.url, name: 'mx.hongyan.example' });
	office = await Office.open({ smarthost, ...options });
}

async function submit(given: Partial<ComposedLetter> = {}, command = 'c1') {
	const answer = await office.queue.submit(await submitCommand(office, command, given));
	await office.queue.idle();
	return answer;
}

const about = (command: string) => commandAbout(office, command);

/** The latest fact about each recipient, without its time. */
async function facts(): Promise<Omit<DeliveryFact, 'at' | 'submission'>[]> {
	const { deliveries } = await office.opening(li);
	return deliveries.map(({ recipient, state, status, detail }) => ({ recipient, state, status, detail }));
}

const state = async () => (await office.opening(li)).submissions[0]?.state;

describe('submitting a composed letter', () => {
	it('[Q22] [Q24] holds it, releases it at its time, and delivers it once inside and outside', async () => {
		await open();
		expect(await submit({ to: [named(wang), named(far)] })).toEqual({
			kind: 'submitted',
			releaseAt: startOfTime + 10_000
		});
		await office.advance(9_999);
		expect([await office.mailbox(wang), sink.seen, await office.mailbox(li, 'sent')]).toEqual([[], [], []]);
		expect(await state()).toBe('held');
		await office.advance(1);
		const [received] = await office.mailbox(wang);
		expect(received?.subject).toBe('Lunch');
		expect(sink.letters).toMatchObject([{ from: li, to: [far], text: received?.raw }]);
		expect(await office.mailbox(li, 'sent')).toEqual([received]);
		expect(await state()).toBe('queued');
	});

	it('[Q25] makes the Message-ID, keeps Bcc out of the bytes and delivers to it', async () => {
		await open();
		await submit({ bcc: [named(far)] });
		await office.advance(10_000);
		const [received] = await office.mailbox(wang);
		expect(received?.raw).toMatch(/^Message-ID: <[\w-]{22}@hongyan\.example>\r$/im);
		expect(received?.raw).not.toMatch(/bcc|far\.example/i);
		expect(sink.letters[0]?.to).toEqual([far]);
	});

	it('[Q49] dates it by its writer’s clock, and keeps that zone with it', async () => {
		await open();
		await submit({ zone: 'Asia/Shanghai', date: startOfTime - 60_000 });
		await office.advance(10_000);
		expect((await office.mailbox(wang))[0]?.raw).toContain('\nDate: Mon, 23 Nov 2026 16:59:00 +0800\r\n');
		const sentAt = { at: startOfTime - 60_000, zone: 'Asia/Shanghai' };
		expect((await office.opening(li)).submissions).toMatchObject([{ sentAt }]);
	});

	it('[Q49] takes a letter of a device that tells no zone as one from UTC', async () => {
		await open();
		expect(await submit()).toMatchObject({ kind: 'submitted' });
		const sentAt = { at: startOfTime, zone: 'UTC' };
		expect((await office.opening(li)).submissions).toMatchObject([{ sentAt }]);
	});

	it('[Q21] tells the sender of each recipient what became of it', async () => {
		sink.judge = (address) => (address.startsWith('bad') ? { code: 550, text: '5.1.1 nobody' } : 'take');
		await open();
		await submit({ to: [named(wang), named(far), named('bad@far.example'), named('no@hongyan.example')] });
		await office.advance(10_000);
		expect(await facts()).toEqual([
			{ recipient: far, state: 'delivered', status: null, detail: '250 OK: message queued' },
			{ recipient: 'bad@far.example', state: 'failed', status: '5.1.1', detail: '550 5.1.1 nobody' },
			{ recipient: 'no@hongyan.example', state: 'failed', status: '5.1.1', detail: 'no-such-recipient' },
			{ recipient: wang, state: 'delivered', status: '2.1.5', detail: '' }
		]);
		const bounces = await office.mailbox(li);
		expect(bounces.map(({ raw }) => raw.match(/Final-Recipient: rfc822; (\S+)/)?.[1]).sort()).toEqual([
			'bad@far.example',
			'no@hongyan.example'
		]);
		expect(await office.queue.counts()).toEqual({});
	});

	it('[Q21] tells of each deferral, and at last of the delivery', async () => {
		sink.answer = () => ({ code: 451, text: '4.7.1 later' });
		await open();
		await submit({ to: [named(far)] });
		await office.advance(10_000);
		expect(await facts()).toMatchObject([{ recipient: far, state: 'deferred', status: '4.7.1' }]);
		sink.answer = () => 'take';
		await office.advance(60_000);
		expect(await facts()).toMatchObject([{ recipient: far, state: 'delivered' }]);
	});

	it('[Q25] sends the files of the draft with it', async () => {
		await open();
		const bytes = Buffer.from('a file\0\n');
		const big = Buffer.alloc(200_000, 'b');
		const file = await office.file(li);
		const organisation = (await office.directory.organisation())?.id;
		if (organisation === undefined) throw new Error('there is no organisation');
		const blob = await office.blobs.put(organisation, big, 1e6);
		const common = { document, type: 'application/pdf', device: phone };
		const hash = blobHashOf(Buffer.alloc(32));
		await file.call('attachment-put', {
			...common,
			id: 'f1' as AttachmentId,
			name: '报告.pdf',
			body: { kind: 'inline', hash, bytes }
		});
		await file.call('attachment-put', {
			...common,
			id: 'f2' as AttachmentId,
			name: 'big.pdf',
			body: { kind: 'blob', hash: blob.hash, size: big.byteLength }
		});
		await submit({ attachments: ['f1' as AttachmentId, 'f2' as AttachmentId] });
		await office.advance(10_000);
		const raw = (await office.mailbox(wang))[0]?.raw ?? '';
		expect(raw.replace(/\s/g, '')).toContain(bytes.toString('base64'));
		expect(raw.replace(/\s/g, '')).toContain(big.toString('base64'));
	});

	it.each([
		['takes', successorOf(successorOf(document, 1), 1), 'submitted'],
		['does not take', 'draft-b' as DocumentId, 'refused']
	] as const)('[Q25] %s the files of the draft whose late edits it is: %s', async (_does, draft, kind) => {
		await open();
		const file = await office.file(li);
		const hash = blobHashOf(Buffer.alloc(32));
		const body = { kind: 'inline', hash, bytes: Buffer.from('x') } as const;
		await file.call('attachment-put', {
			...{ id: 'f1' as AttachmentId, name: 'a', type: 'text/plain' },
			...{ device: null, document, body }
		});
		const given = await submitCommand(office, 'c1', { attachments: ['f1' as AttachmentId] });
		const late = { ...given.body, document: draft, submission: submissionIdOf(draft, 0) };
		expect(await office.queue.submit({ ...given, body: late })).toMatchObject({ kind });
	});

	it.each<[string, Partial<ComposedLetter>]>([
		['identity-not-permitted', { from: { name: '', address: wang } }],
		['no-recipients', { to: [] }],
		['attachment-missing', { attachments: ['nowhere' as AttachmentId] }],
		['malformed', { html: '<x>'.repeat(5000) }],
		['too-large', { html: `<p>${'x'.repeat(300_000)}</p>` }]
	])('[Q27] refuses with %s and keeps nothing of it', async (code, given) => {
		await open({ messageBytes: 200_000 });
		expect(await submit(given)).toMatchObject({ kind: 'refused', code });
		expect(await office.queue.counts()).toEqual({});
		expect((await office.opening(li)).submissions).toEqual([]);
	});

	it('[Q22] refuses an id that is not the one of the draft and its sending', async () => {
		await open();
		const given = await submitCommand(office, 'c1', {});
		const body = { ...given.body, generation: 1 };
		expect(await office.queue.submit({ ...given, body })).toMatchObject({
			kind: 'refused',
			code: 'malformed'
		});
	});

	it('[Q18] refuses at once what has no way out, naming the addresses', async () => {
		await open({ smarthost: null });
		expect(await submit({ to: [named(wang), named(far)] })).toEqual({
			kind: 'refused',
			code: 'no-route',
			detail: far
		});
		await office.advance(60_000);
		expect(await office.mailbox(wang)).toEqual([]);
	});

	it('[W36] answers the repeat of a command that was refused for good as the first time', async () => {
		await open({ smarthost: null });
		const given = { to: [named(far)] };
		const refusal = await submit(given);
		const missing = { attachments: ['f1' as AttachmentId], to: [named(wang)] };
		const refused = await submit(missing, 'c2');
		const smarthost = smarthostAt({ url: sink.url, name: 'mx.hongyan.example' });
		await office.crash({ smarthost });
		const body = { kind: 'inline', hash: blobHashOf(Buffer.alloc(32)), bytes: Buffer.from('x') } as const;
		const about = { document, name: 'x', type: 'text/plain', device: phone };
		await (await office.file(li)).call('attachment-put', { id: 'f1' as AttachmentId, ...about, body });
		expect([await submit(given), await submit(missing, 'c2')]).toEqual([refusal, refused]);
		expect(await submit(given, 'c3')).toMatchObject({ kind: 'submitted' });
	});

	it('[W36] [Q7] carries out the same command once what was in its way has passed', async () => {
		await open({ queuePages: 20 });
		const long = { html: `<p>${'x'.repeat(24_000)}</p>` };
		await expect(submit(long)).rejects.toMatchObject({ kind: 'full' });
		await office.crash({});
		expect(await submit(long)).toMatchObject({ kind: 'submitted' });
	});
});

describe('a person who is named twice', () => {
	it('[Q3] [Q21] gets the letter once, and the sender is told of each address', async () => {
		await open();
		const to = [named(wang), named(li), named(far)];
		const cc = [named('ming@hongyan.example'), named(far.toUpperCase()), named(li)];
		await submit({ to, cc });
		await office.advance(10_000);
		expect(await office.mailbox(li)).toHaveLength(1);
		expect(sink.letters).toHaveLength(1);
		const names = [wang, li, far, 'ming@hongyan.example', far.toUpperCase()];
		const states = (await facts()).map(({ recipient, state }) => [recipient, state]);
		expect(Object.fromEntries(states)).toEqual(Object.fromEntries(names.map((name) => [name, 'delivered'])));
		expect(await office.queue.counts()).toEqual({});
	});
});

describe('one payload for each submission', () => {
	it('[Q22] answers a replay of the command, and of the letter, as the first time', async () => {
		await open();
		const first = await submit();
		office.clock.advance(1000);
		expect(await submit()).toEqual(first);
		expect(await submit({}, 'c2')).toEqual(first);
		await office.advance(60_000);
		expect(await submit()).toEqual(first);
		expect(await office.mailbox(wang)).toHaveLength(1);
		expect(await office.queue.counts()).toEqual({});
	});

	it('[Q22] refuses another letter under the same id, and tells which device was first', async () => {
		await open();
		await submit();
		expect(await submit({ subject: 'Dinner' }, 'c2')).toEqual({
			kind: 'refused',
			code: 'already-sent',
			detail: phone
		});
		await office.advance(60_000);
		expect((await office.mailbox(wang)).map(({ subject }) => subject)).toEqual(['Lunch']);
	});

	it('[Q22] sends once what two devices submit at the same time', async () => {
		await open();
		const given = await submitCommand(office, 'c1', {});
		const answers = await Promise.all([
			office.queue.submit(given),
			office.queue.submit({ ...given, command: 'c2' as CommandId })
		]);
		expect(answers[0]).toEqual(answers[1]);
		await office.advance(60_000);
		expect(await office.mailbox(wang)).toHaveLength(1);
	});
});

describe('sending a held letter at once', () => {
	const releaseEarly = async () => {
		const answer = await office.queue.releaseEarly(await about('c2'));
		await office.queue.idle();
		return answer;
	};

	it('[Q52] delivers it before its time, inside and outside, and not again at its time', async () => {
		await open();
		await submit({ to: [named(wang), named(far)] });
		expect(await releaseEarly()).toEqual({ kind: 'done' });
		expect(await state()).toBe('queued');
		expect(await office.mailbox(wang)).toHaveLength(1);
		expect(await office.mailbox(li, 'sent')).toHaveLength(1);
		expect(sink.letters).toMatchObject([{ from: li, to: [far] }]);
		expect(await releaseEarly()).toEqual({ kind: 'done' });
		await office.advance(60_000);
		expect([(await office.mailbox(wang)).length, sink.letters.length]).toEqual([1, 1]);
		expect(await office.queue.counts()).toEqual({});
	});

	it('[Q52] lets it go at its time where the queue was not told', async () => {
		await open();
		await submit();
		const { command, device } = await about('c2');
		await (await office.file(li)).call('release-early', { command, device, submission });
		await office.advance(9_999);
		expect(await office.mailbox(wang)).toEqual([]);
		await office.advance(1);
		expect(await office.mailbox(wang)).toHaveLength(1);
	});

	it('[Q52] sends nothing that was called back', async () => {
		await open();
		await submit();
		await office.queue.cancel(await about('c3'));
		expect(await releaseEarly()).toMatchObject({ kind: 'refused', code: 'cancelled' });
		await office.advance(60_000);
		expect(await office.mailbox(wang)).toEqual([]);
	});
});

describe('calling a letter back', () => {
	it('[Q24] sends nothing once it was cancelled', async () => {
		await open();
		await submit({ to: [named(wang), named(far)] });
		expect(await office.queue.cancel(await about('c2'))).toEqual({ kind: 'done' });
		await office.advance(60_000);
		expect([await office.mailbox(wang), sink.seen]).toEqual([[], []]);
		expect(await state()).toBe('cancelled');
		expect(await office.queue.counts()).toEqual({});
	});

	it('[Q24] is too late once it was released', async () => {
		await open();
		await submit();
		await office.advance(10_000);
		expect(await office.queue.cancel(await about('c2'))).toMatchObject({
			kind: 'refused',
			code: 'already-released'
		});
	});

	it('[Q24] holds for a letter that comes after it was cancelled', async () => {
		await open();
		await office.queue.cancel(await about('c2'));
		expect(await submit()).toMatchObject({ kind: 'refused', code: 'cancelled' });
		await office.advance(60_000);
		expect(await office.mailbox(wang)).toEqual([]);
	});

	it('[Q24] is decided in the space, also where the queue was not told', async () => {
		await open();
		await submit();
		const { command, device } = await about('c2');
		await (await office.file(li)).call('cancel-submission', { command, device, submission });
		await office.advance(60_000);
		expect(await office.mailbox(wang)).toEqual([]);
		expect(await office.queue.counts()).toEqual({});
	});
});
