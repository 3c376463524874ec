import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandId, DeviceId, DocumentId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import { refusalCodes, type RefusalCode } from '#schema/protocol/codes.ts';
import type { Opening, Pack } from '#schema/space/entry.ts';
import { zoneOf } from '#schema/zoned-instant.ts';
import { openTrialSpace, parsedLetter, type TrialSpace } from '../trial/space.ts';
import type { Submitting } from './submit.ts';

let space: TrialSpace;
beforeEach(async () => {
	space = await openTrialSpace();
});
afterEach(() => space.close());

const submission = 'draft-a-0' as SubmissionId;
const envelope = 'envelope-1' as EnvelopeId;
const phone = 'phone' as DeviceId;
const command = (name: string) => name as CommandId;

const letter: Submitting = {
	submission,
	envelope: 'envelope-1' as EnvelopeId,
	device: phone,
	command: command('c1'),
	document: 'draft-a' as DocumentId,
	generation: 0,
	payloadHash: 'hash',
	subject: 'Lunch',
	recipients: [{ name: 'Han', address: 'han@example.org' }],
	releaseAt: 1_005_000,
	parsed: parsedLetter({ messageId: 'sent-1' }),
	body: { kind: 'inline', bytes: new TextEncoder().encode('rendered') }
};

const opening = (): Promise<Opening> => space.file.call('opening');
const submit = (changes: Partial<Submitting> = {}) => space.file.call('submit', { ...letter, ...changes });
const cancel = (name: string) =>
	space.file.call('cancel-submission', { command: command(name), device: phone, submission });
const release = (envelope = letter.envelope) => space.file.call('release', { submission, envelope });
const state = () => space.file.call('submission-state', { submissions: [submission] });

async function draft() {
	const { registers } = await opening();
	return Object.fromEntries(
		registers.filter(({ subject }) => subject === 'draft:draft-a').map(({ field, value }) => [field, value])
	);
}

describe('submit', () => {
	it('[S22] holds the letter and tells the replica', async () => {
		expect(await state()).toEqual(['unknown']);
		expect(await submit()).toEqual({ kind: 'accepted', releaseAt: 1_005_000 });
		expect(await state()).toEqual(['held']);
		const { submissions } = await opening();
		expect(submissions).toEqual([
			{
				id: submission,
				document: 'draft-a',
				state: 'held',
				releaseAt: 1_005_000,
				subject: 'Lunch',
				recipients: letter.recipients,
				submittedAt: 1_000_000
			}
		]);
	});

	it('[S43] keeps when and in which zone its writer sent it, as long as it is known', async () => {
		const sentAt = { at: 999_000, zone: zoneOf('Asia/Shanghai') };
		await submit({ sentAt });
		await release();
		expect((await opening()).submissions).toMatchObject([{ state: 'queued', sentAt }]);
		const told = space.heard.flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'submission'));
		expect(told).toMatchObject([{ submission: { sentAt } }, { submission: { sentAt } }]);
	});

	it('[S22] answers a repeat, by command or by submission, with the first result', async () => {
		await submit();
		const replay = { kind: 'replay', result: { kind: 'submitted', releaseAt: 1_005_000 } };
		space.at(1_004_000);
		expect(await submit({ releaseAt: 1_009_000 })).toEqual(replay);
		expect(await submit({ command: command('c2'), releaseAt: 1_009_000 })).toEqual(replay);
		expect(await space.file.call('answer-of', { command: command('c2') })).toEqual(replay.result);
		expect(space.heard).toHaveLength(1);
	});

	it('[S22] refuses another letter under the same id, and says which device was first', async () => {
		await submit();
		const other = await submit({
			command: command('c2'),
			device: 'laptop' as DeviceId,
			payloadHash: 'other'
		});
		expect(other).toEqual({ kind: 'refused', code: 'already-sent', detail: 'phone' });
		expect(await space.file.call('answer-of', { command: command('c2') })).toEqual(other);
		expect(await release()).toBe('released');
		expect(await submit({ command: command('c3'), payloadHash: 'third' })).toMatchObject({
			code: 'already-sent'
		});
	});
});

describe('cancel-submission', () => {
	it('[S23] calls a held letter back for ever, and gives the draft its next generation', async () => {
		await submit();
		expect(await cancel('c2')).toEqual({ kind: 'done' });
		expect(await cancel('c3')).toEqual({ kind: 'done' });
		expect(await release()).toBe('cancelled');
		expect(await state()).toEqual(['cancelled']);
		expect(await draft()).toEqual({ generation: 1 });
		expect(await submit({ command: command('c4') })).toEqual({
			kind: 'refused',
			code: 'cancelled',
			detail: ''
		});
		expect(
			await submit({ command: command('c5'), submission: 'draft-a-1' as SubmissionId, generation: 1 })
		).toMatchObject({ kind: 'accepted' });
	});

	it('[S23] remembers an id that is called back before its letter comes', async () => {
		expect(await cancel('c2')).toEqual({ kind: 'done' });
		expect(await state()).toEqual(['cancelled']);
		expect(await submit()).toEqual({ kind: 'refused', code: 'cancelled', detail: '' });
		expect(await release()).toBe('unknown');
	});

	it('[S23] is refused once the letter was released, also when repeated', async () => {
		await submit();
		await release();
		const refusal = { kind: 'refused', code: 'already-released', detail: '' };
		expect(await cancel('c2')).toEqual(refusal);
		expect(await cancel('c2')).toEqual(refusal);
		expect(await state()).toEqual(['queued']);
	});
});

describe('release-early', () => {
	const releaseEarly = (name: string) =>
		space.file.call('release-early', { command: command(name), device: phone, submission });

	it('[S46] lets a held letter go before its time, once, and no call brings it back', async () => {
		await submit();
		expect(await releaseEarly('c2')).toEqual({ kind: 'done' });
		const { cursor } = await opening();
		expect(await state()).toEqual(['queued']);
		expect(await draft()).toEqual({ deleted: true, generation: 1 });
		expect(await releaseEarly('c2')).toEqual({ kind: 'done' });
		expect(await releaseEarly('c3')).toEqual({ kind: 'done' });
		expect(await release()).toBe('released');
		expect(await cancel('c4')).toMatchObject({ kind: 'refused', code: 'already-released' });
		expect((await opening()).cursor).toEqual(cursor);
	});

	it('[S46] is refused for what was called back, or never came', async () => {
		expect(await releaseEarly('c1')).toMatchObject({ kind: 'refused', code: 'unknown-subject' });
		await submit({ command: command('c2') });
		await cancel('c3');
		expect(await releaseEarly('c4')).toEqual({ kind: 'refused', code: 'cancelled', detail: '' });
		expect(await state()).toEqual(['cancelled']);
	});
});

describe('refuse', () => {
	const refuse = (name: string, code: RefusalCode) =>
		space.file.call('refuse', { command: command(name), code, detail: 'x' });
	const answerOf = (name: string) => space.file.call('answer-of', { command: command(name) });

	it.each(refusalCodes)('[S27] [W36] stores %s if that is final, and only then', async (code) => {
		const refusal = { kind: 'refused', code, detail: 'x' };
		expect(await refuse('c1', code)).toEqual(refusal);
		const passing = ['not-signed-in', 'storage-full', 'rate-limited', 'internal'];
		expect(await answerOf('c1')).toEqual(passing.includes(code) ? null : refusal);
	});

	it('[S27] lets the first answer stand', async () => {
		await submit();
		const answer = { kind: 'submitted', releaseAt: 1_005_000 };
		expect(await refuse('c1', 'no-route')).toEqual(answer);
		await refuse('c2', 'no-route');
		expect(await refuse('c2', 'quota')).toMatchObject({ code: 'no-route' });
		expect(await cancel('c2')).toMatchObject({ code: 'no-route' });
		expect(await submit({ command: command('c2') })).toMatchObject({
			kind: 'replay',
			result: { code: 'no-route' }
		});
		expect(await state()).toEqual(['held']);
	});
});

describe('release', () => {
	it('[S24] puts the copy into Sent, read, and the draft away, in one entry and once', async () => {
		await submit();
		space.at(1_006_000);
		expect(await release()).toBe('released');
		expect(await release()).toBe('released');
		expect(space.heard).toHaveLength(2);
		const pack = (await space.file.call('pack', { before: 9, count: 9 })) as Pack;
		expect(pack.messages).toMatchObject([
			{ arrival: 0, mailbox: 'sent', keywords: ['$seen'], submission, receivedAt: 1_006_000 }
		]);
		expect((await space.file.call('message', { arrival: 0 }))?.body).toEqual(letter.body);
		expect(await draft()).toEqual({ deleted: true, generation: 1 });
	});

	it('[S24] knows nothing of an id that never came, or of another envelope for it', async () => {
		expect(await release()).toBe('unknown');
		await submit();
		expect(await submit({ command: command('c2'), envelope: 'envelope-2' as EnvelopeId })).toMatchObject({
			kind: 'replay'
		});
		expect(await release('envelope-2' as EnvelopeId)).toBe('unknown');
		expect(await release()).toBe('released');
	});

	it('[S24] puts the draft away above every stamp a device gave it', async () => {
		const stamp = { time: 1_000_000, counter: 900, device: phone };
		const target = { kind: 'subject', subject: 'draft:draft-a' } as const;
		await space.file.call('push', {
			device: phone,
			batch: 'b' as never,
			generation: space.generation,
			changes: [{ kind: 'registers', key: 1, target, field: 'deleted', value: false, stamp }]
		});
		await submit();
		await release();
		expect(await draft()).toMatchObject({ deleted: true });
	});

	it('[S21] joins the copy to the thread of what it answers', async () => {
		await submit({ document: null, device: null, command: null });
		await release();
		const answer = {
			...letter,
			submission: 'x-0' as SubmissionId,
			command: null,
			parsed: parsedLetter({ messageId: 'sent-2', references: ['sent-1'] })
		};
		await space.file.call('submit', answer);
		await space.file.call('release', { submission: answer.submission, envelope: answer.envelope });
		const pack = (await space.file.call('pack', { before: 9, count: 9 })) as Pack;
		expect(pack.messages.map(({ thread }) => thread)).toEqual([0, 0]);
	});
});

describe('the envelope a submission was accepted with', () => {
	const other = 'envelope-2' as EnvelopeId;
	const standing = (named: EnvelopeId) =>
		space.file.call('submission-standing', { submission, envelope: named });

	it('[S23] is the only one that is released, also where the same letter came twice', async () => {
		await submit();
		await submit({ envelope: other, command: command('c2') });
		expect(await space.file.call('release', { submission, envelope: other })).toBe('unknown');
		expect(await release()).toBe('released');
	});

	it('[S23] tells how it stands; another one does not stand at all', async () => {
		expect(await standing(envelope)).toBeNull();
		await submit();
		expect(await standing(envelope)).toEqual({ state: 'held', releaseAt: 1_005_000 });
		expect(await standing(other)).toBeNull();
		await cancel('c3');
		expect(await standing(envelope)).toMatchObject({ state: 'cancelled' });
	});
});

describe('record-deliveries', () => {
	const fact = (changes: Partial<DeliveryFact> = {}): DeliveryFact => ({
		submission,
		recipient: 'han@example.org',
		state: 'deferred',
		status: '4.2.1',
		detail: 'busy',
		at: 1_001_000,
		...changes
	});
	const record = (...facts: DeliveryFact[]) => space.file.call('record-deliveries', { facts });

	it('[S25] keeps the last of each recipient, and leaves out what is no news', async () => {
		await submit();
		expect(await record(fact(), fact({ recipient: 'mei@example.org' }))).toBe(2);
		expect(await record(fact(), fact({ recipient: 'mei@example.org' }))).toBe(0);
		expect(await record(fact({ state: 'delivered', status: '2.0.0', detail: 'ok', at: 1_002_000 }))).toBe(1);
		expect(await record(fact({ at: 1_001_500 }))).toBe(0);
		expect(space.heard).toHaveLength(3);
		const states = (await opening()).deliveries.map(({ recipient, state: what }) => [recipient, what]);
		expect(states).toEqual([
			['han@example.org', 'delivered'],
			['mei@example.org', 'deferred']
		]);
	});
});
