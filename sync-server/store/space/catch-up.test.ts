import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rangesOf } from '#schema/docs/ranges.ts';
import type {
	AttachmentId,
	BatchId,
	CommandId,
	DeviceId,
	DocumentId,
	OrganisationId,
	PrincipalId,
	SpaceId
} from '#schema/ids.ts';
import type { Pack } from '#schema/space/entry.ts';
import type { BlobHash } from '../blobs/blob-store.ts';
import { delivery, openTrialSpace, trialSpaceId, type TrialSpace } from '../trial/space.ts';
import type { Attachment } from './attachments.ts';
import type { SpaceKind } from './kind.ts';

let space: TrialSpace;
const phone = 'phone' as DeviceId;
beforeEach(async () => {
	space = await openTrialSpace({}, 1000);
});
afterEach(() => space.close());

async function placeMany(count: number, changes = {}) {
	for (let number = 0; number < count; number += 1) await space.file.call('place', delivery(number, changes));
}

const move = (arrivals: number[], mailbox: string, time = 1) =>
	space.file.call('push', {
		device: phone,
		batch: `${mailbox}-${time}` as BatchId,
		generation: space.generation,
		changes: [
			{
				kind: 'registers',
				key: 1,
				target: { kind: 'messages', arrivals: [...rangesOf(arrivals)] },
				field: 'mailbox',
				value: mailbox,
				stamp: { time, counter: 0, device: phone }
			}
		]
	});

describe('create', () => {
	const owner = {
		organisation: 'org' as OrganisationId,
		principal: 'li' as PrincipalId,
		spaceKind: 'mailbox'
	} as const;

	it('[S6] makes a space once; again changes nothing, another is refused', async () => {
		await placeMany(1);
		expect(await space.file.call('create', { space: trialSpaceId, ...owner })).toEqual({
			generation: space.generation,
			seq: 1
		});
		await expect(space.file.call('create', { space: 'other' as SpaceId, ...owner })).rejects.toMatchObject({
			kind: 'conflict'
		});
	});

	it('[S6] is needed before anything else', async () => {
		const other = space.store.file<SpaceKind>('space', 'spaces/nobody.db');
		await expect(other.call('head')).rejects.toMatchObject({ kind: 'missing' });
	});
});

describe('entries', () => {
	it('[S18] answers the log from a cursor in stretches without gaps', async () => {
		await placeMany(250);
		const seen: number[] = [];
		for (let after = 0; ;) {
			const next = await space.file.call('entries', { after, limitBytes: 20_000 });
			if (next.kind !== 'entries') throw new Error(next.kind);
			expect(next).toMatchObject({ head: 250, generation: space.generation });
			if (next.entries.length === 0) break;
			seen.push(...next.entries.map(({ seq }) => seq));
			after = next.seq;
		}
		expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
	});

	it('[S9] gives the entries that were told when they were committed', async () => {
		await placeMany(3);
		await move([0], 'archive');
		const all = await space.file.call('entries', { after: 0, limitBytes: 1e6 });
		expect(all).toMatchObject({ entries: space.heard });
	});

	it('[S18] answers at least one entry, however small the limit', async () => {
		await placeMany(2);
		expect(await space.file.call('entries', { after: 0, limitBytes: 0 })).toMatchObject({ seq: 1 });
	});

	it('[S18] tells a cursor of another history from one that is too old', async () => {
		await placeMany(3);
		expect(await space.file.call('entries', { after: 4, limitBytes: 1 })).toEqual({ kind: 'beyond-head' });
		space.at(2_000_000);
		await move([0], 'archive');
		expect(await space.file.call('trim', { before: 1_500_000 })).toMatchObject({ floor: 3, next: null });
		expect(await space.file.call('entries', { after: 2, limitBytes: 1 })).toEqual({ kind: 'below-floor' });
		expect(await space.file.call('entries', { after: 3, limitBytes: 1 })).toMatchObject({ seq: 4, head: 4 });
	});
});

describe('packs', () => {
	it('[S19] run from the newest to the first message, with registers and the seq they are true at', async () => {
		await placeMany(7);
		await move([1, 2, 6], 'archive');
		const first = (await space.file.call('pack', { before: 7, count: 3 })) as Pack;
		expect(first).toMatchObject({ cursor: { generation: space.generation, seq: 8 }, from: 4, to: 7 });
		expect(first.messages.map(({ arrival }) => arrival)).toEqual([6, 5, 4]);
		expect(first.registers.map(({ arrival }) => arrival)).toEqual([6]);
		expect(first.messages[0]?.mailbox).toBe('inbox');
		const second = (await space.file.call('pack', { before: first.from, count: 500 })) as Pack;
		expect(second).toMatchObject({ from: 0, to: 4 });
		expect(await space.file.call('pack', { before: 0, count: 3 })).toBe('done');
	});

	it('[S19] hold at most 500 numbers', async () => {
		await placeMany(510);
		expect(await space.file.call('pack', { before: 1e9, count: 1e9 })).toMatchObject({ from: 10, to: 510 });
	});
});

describe('purge', () => {
	const purge = async (arrivals: number[], seq: number, command = 'p1') => {
		const { cursor } = await space.file.call('opening');
		return space.file.call('purge', {
			command: command as CommandId,
			device: phone,
			arrivals: rangesOf(arrivals),
			seen: { ...cursor, seq }
		});
	};

	it('removes nothing by the numbers of another generation [S26]', async () => {
		await placeMany(1);
		await move([0], 'trash');
		const seen = { generation: 'another', seq: 99 };
		const command = 'p1' as CommandId;
		const answer = await space.file.call('purge', { command, device: phone, arrivals: [0, 1], seen });
		expect(answer).toEqual({ kind: 'refused', code: 'stale-generation', detail: 'seen' });
		expect(await space.file.call('message', { arrival: 0 })).not.toBeNull();
	});

	it('[S27] answers a repeat of what was refused with the refusal', async () => {
		await placeMany(1, { mailbox: 'trash' });
		const purging = { command: 'p1' as CommandId, device: phone, arrivals: [0, 1] };
		const { cursor: seen } = await space.file.call('opening');
		const first = await space.file.call('purge', { ...purging, seen: { ...seen, generation: 'another' } });
		expect(await space.file.call('purge', { ...purging, seen })).toEqual(first);
		expect(await space.file.call('message', { arrival: 0 })).not.toBeNull();
	});

	it('[S26] removes what lies in Trash for good, and tells the replicas', async () => {
		await placeMany(3);
		await move([0, 1], 'trash');
		expect(await purge([0, 1], 4)).toEqual({ kind: 'done' });
		expect(space.heard.at(-1)?.changes).toEqual([{ kind: 'withdrawn', arrivals: [0, 2] }]);
		expect(await space.file.call('message', { arrival: 0 })).toBeNull();
		expect(await space.file.call('contents', { arrivals: [0, 2] })).toHaveLength(1);
		const pack = (await space.file.call('pack', { before: 3, count: 3 })) as Pack;
		expect(pack.messages.map(({ arrival }) => arrival)).toEqual([2]);
		expect(pack.registers).toEqual([]);
		expect((await space.file.call('opening')).counters).toEqual({ inbox: { total: 1, unread: 1 } });
	});

	it('[S26] takes nothing that came after the cursor or was moved out meanwhile', async () => {
		await placeMany(2, { mailbox: 'junk' });
		await move([0], 'inbox');
		await space.file.call('place', delivery(9, { mailbox: 'junk' as never }));
		await purge([0, 1, 2], 2);
		expect(space.heard.at(-1)?.changes).toEqual([{ kind: 'withdrawn', arrivals: [1, 1] }]);
	});

	it('[S27] runs once however often it comes', async () => {
		await placeMany(1, { mailbox: 'trash' });
		await purge([0], 1);
		expect(await purge([0], 1)).toEqual({ kind: 'done' });
		expect(space.heard).toHaveLength(2);
		expect(await space.file.call('answer-of', { command: 'p1' as CommandId })).toEqual({ kind: 'done' });
		expect(await space.file.call('answer-of', { command: 'p2' as CommandId })).toBeNull();
	});

	it('[S26] gives the number of a purged message to no other', async () => {
		await placeMany(1, { mailbox: 'trash' });
		await purge([0], 1);
		expect(await space.file.call('place', delivery(5))).toMatchObject({ arrival: 1 });
	});
});

describe('attachments', () => {
	const hash = '12'.repeat(32) as BlobHash;
	const file = (changes: Partial<Attachment> = {}): Attachment => ({
		id: 'file-1' as AttachmentId,
		document: 'draft-a' as DocumentId,
		name: '合同.pdf',
		type: 'application/pdf',
		body: { kind: 'inline', hash, bytes: new Uint8Array([1, 2, 3]) },
		...changes
	});
	const put = (changes: Partial<Attachment> = {}) =>
		space.file.call('attachment-put', { ...file(changes), device: null });

	it('[S28] are stored once by their id', async () => {
		expect(await put()).toEqual({ kind: 'stored', size: 3 });
		expect(await put()).toEqual({ kind: 'stored', size: 3 });
		expect(await put({ document: 'draft-b' as DocumentId })).toEqual({
			kind: 'refused',
			code: 'not-permitted'
		});
		expect(await space.file.call('attachment-get', { id: 'file-1' as AttachmentId })).toEqual(file());
		expect(await space.file.call('attachment-get', { id: 'file-2' as AttachmentId })).toBeNull();
	});

	it('[S28] refuse what is over the bound of a letter or of the space', async () => {
		const large = { kind: 'blob', hash, size: 35_000_001 } as const;
		expect(await put({ body: large })).toEqual({ kind: 'refused', code: 'too-large' });
		expect(await put({ body: { kind: 'blob', hash, size: 1001 } })).toEqual({
			kind: 'refused',
			code: 'quota'
		});
		await put({ body: { kind: 'blob', hash, size: 900 } });
		expect(
			await put({ id: 'file-2' as AttachmentId, body: { kind: 'blob', hash, size: 101 } })
		).toMatchObject({ code: 'quota' });
		expect(await space.file.call('blob-references', { after: '', limit: 9 })).toEqual([
			{ organisation: 'org', hash }
		]);
	});

	it('[S36] go when their draft has been gone for long', async () => {
		await put({ body: { kind: 'blob', hash, size: 900 } });
		const deleted = {
			kind: 'registers',
			key: 1,
			field: 'deleted',
			value: true,
			target: { kind: 'subject', subject: 'draft:draft-a' }
		} as const;
		const stamp = { time: 1000, counter: 0, device: phone };
		await space.file.call('push', {
			device: phone,
			batch: 'd' as BatchId,
			generation: space.generation,
			changes: [{ ...deleted, stamp }]
		});
		await space.file.call('trim', { before: 1000 });
		expect(await space.file.call('blob-references', { after: '', limit: 9 })).toEqual([
			{ organisation: 'org', hash }
		]);
		await space.file.call('trim', { before: 1001 });
		expect(await space.file.call('blob-references', { after: '', limit: 9 })).toEqual([]);
		expect(await put({ body: { kind: 'blob', hash, size: 900 } })).toMatchObject({ kind: 'stored' });
	});
});
