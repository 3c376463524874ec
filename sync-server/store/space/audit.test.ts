import path from 'node:path';
import { expect, it } from 'vitest';
import type {
	AttachmentId,
	BatchId,
	CommandId,
	DeviceId,
	DocumentId,
	EnvelopeId,
	SubmissionId
} from '#schema/ids.ts';
import { li } from '#schema/trial/people.ts';
import { blobHashOf } from '../blobs/blob-store.ts';
import { connect } from '../connection.ts';
import { migrate } from '../migration.ts';
import { delivery, openTrialSpace, parsedLetter, trialSpaceId, type TrialSpace } from '../trial/space.ts';
import { spaceMigrations } from './migrations.ts';
import { spacePath } from './path.ts';

const device = 'phone' as DeviceId;
const submission = 'draft-0' as SubmissionId;
const envelope = 'envelope' as EnvelopeId;
const command = (name: string) => name as CommandId;

async function live({ file, generation, at }: TrialSpace) {
	await file.call('place', delivery(1));
	at(1_000_010);
	const target = { kind: 'messages' as const, arrivals: [0, 1] };
	const stamp = { time: 5, counter: 0, device };
	const change = { kind: 'registers', key: 1, target, field: 'mailbox', value: 'trash', stamp } as const;
	await file.call('push', { device, batch: 'b' as BatchId, generation, changes: [change] });
	const body = { kind: 'inline', bytes: new Uint8Array(3) } as const;
	const letter = {
		subject: 'Secret',
		recipients: [],
		payloadHash: 'h',
		releaseAt: 1,
		parsed: parsedLetter(),
		body
	};
	const from = { document: 'draft' as DocumentId, generation: 0, device, command: command('c1') };
	const stored = { kind: 'inline', hash: blobHashOf(Buffer.alloc(32)), bytes: new Uint8Array(3) } as const;
	const attachment = { id: 'f' as AttachmentId, document: from.document, name: 'secret.pdf', type: 'a/b' };
	await file.call('attachment-put', { ...attachment, body: stored, device });
	await file.call('attachment-put', { ...attachment, body: stored, device });
	await file.call('submit', { submission, envelope, ...from, ...letter });
	await file.call('release', { submission, envelope });
	const { cursor } = await file.call('opening');
	await file.call('purge', { command: command('c2'), device, arrivals: [0, 1], seen: { ...cursor, seq: 9 } });
}

function inFile({ directory }: TrialSpace, query: string) {
	const connection = connect(path.join(directory, spacePath(trialSpaceId)));
	const rows = connection.prepare(query).raw().all();
	connection.close();
	return rows;
}

const audited = 'SELECT seq, at, principal, device, edge, action, detail FROM audit ORDER BY number';

it('[S29] says who did what and when, for all that somebody did, in numbers only', async () => {
	const space = await openTrialSpace();
	await live(space);
	await space.store.close();
	expect(inFile(space, audited)).toEqual([
		[2, 1_000_010, 'li', 'phone', 'sync', 'push', 'registers 1, text 0'],
		[null, 1_000_010, 'li', 'phone', 'http', 'attach', 'bytes 3'],
		[3, 1_000_010, 'li', 'phone', 'sync', 'submit', 'recipients 0'],
		[5, 1_000_010, 'li', 'phone', 'sync', 'purge', 'messages 1']
	]);
	await space.close();
});

it('[S29] knows a letter of a mail program by its edge, and what is imported by that it is', async () => {
	const space = await openTrialSpace();
	const letter = { subject: 'Secret', recipients: [li], payloadHash: 'h', releaseAt: 1, generation: 0 };
	const body = { kind: 'inline', bytes: new Uint8Array(3) } as const;
	const by = { device: null, command: null, document: null };
	await space.file.call('submit', { submission, envelope, ...by, ...letter, parsed: parsedLetter(), body });
	await space.file.call('place', delivery(1, { imported: true }));
	await space.file.call('place', delivery(1, { imported: true }));
	await space.store.close();
	expect(inFile(space, audited)).toEqual([
		[1, 1_000_000, 'li', null, 'smtp', 'submit', 'recipients 1'],
		[2, 1_000_000, null, null, 'import', 'import', 'messages 1']
	]);
	expect(space.heard.map(({ device: from, origin }) => [from, origin])).toEqual([
		[null, 'local'],
		[null, 'migration']
	]);
	await space.close();
});

it('[S29] notes what changes only what lies beside the log, once, and nothing that changes nothing', async () => {
	const space = await openTrialSpace();
	const cancel = (name: string) =>
		space.file.call('cancel-submission', { command: command(name), device, submission });
	await cancel('c1');
	await cancel('c2');
	const again = (name: string) =>
		space.file.call('record-sent-again', { command: command(name), device, facts: [] });
	expect(await again('c3')).toEqual({ kind: 'done' });
	expect(await again('c3')).toEqual({ kind: 'done' });
	const { cursor } = await space.file.call('opening');
	await space.file.call('purge', { command: command('c4'), device, arrivals: [0, 9], seen: cursor });
	await space.store.close();
	expect(inFile(space, audited)).toEqual([
		[null, 1_000_000, 'li', 'phone', 'sync', 'cancel-submission', ''],
		[null, 1_000_000, 'li', 'phone', 'sync', 'send-again', 'recipients 0']
	]);
	await space.close();
});

it('[S29] [S46] tells a letter that its sender let go from one whose time came', async () => {
	const space = await openTrialSpace();
	const letter = { subject: 'Secret', recipients: [], payloadHash: 'h', releaseAt: 1, generation: 0 };
	const body = { kind: 'inline', bytes: new Uint8Array(3) } as const;
	const by = { device, command: command('c1'), document: null };
	await space.file.call('submit', { submission, envelope, ...by, ...letter, parsed: parsedLetter(), body });
	await space.file.call('release-early', { command: command('c2'), device, submission });
	await space.store.close();
	expect(inFile(space, audited)).toEqual([
		[1, 1_000_000, 'li', 'phone', 'sync', 'submit', 'recipients 0'],
		[2, 1_000_000, 'li', 'phone', 'sync', 'release-submission', '']
	]);
	await space.close();
});

it('[S29] [S6] keeps the rows of a space of the second version, which came by a socket each', () => {
	const connection = connect(':memory:');
	migrate(connection, spaceMigrations.slice(0, 2), 0);
	connection.exec(`INSERT INTO audit VALUES (7, 5, 'li', 'phone', 'push', 'registers 1, text 0')`);
	migrate(connection, spaceMigrations, 1);
	expect(connection.prepare(audited).raw().all()).toEqual([
		[7, 5, 'li', 'phone', 'sync', 'push', 'registers 1, text 0']
	]);
	connection.close();
});

it('[S29] counts the bytes of what lies in the space, and no longer those of what was purged', async () => {
	const space = await openTrialSpace();
	await live(space);
	await space.store.close();
	expect(inFile(space, 'SELECT used_bytes FROM space')).toEqual([[6]]);
	await space.close();
});
