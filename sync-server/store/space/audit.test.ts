import path from 'node:path';
import { expect, it } from 'vitest';
import type { BatchId, CommandId, DeviceId, DocumentId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import { connect } from '../connection.ts';
import { delivery, openTrialSpace, parsedLetter, trialSpaceId, type TrialSpace } from '../trial/space.ts';
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

it('[S29] says who did what and when, for all that somebody did, in numbers only', async () => {
	const space = await openTrialSpace();
	await live(space);
	await space.store.close();
	expect(inFile(space, 'SELECT seq, at, principal, device, action, detail FROM audit')).toEqual([
		[2, 1_000_010, 'li', 'phone', 'push', 'registers 1, text 0'],
		[3, 1_000_010, 'li', 'phone', 'submit', 'recipients 0'],
		[5, 1_000_010, 'li', 'phone', 'purge', 'messages 1']
	]);
	await space.close();
});

it('[S29] counts the bytes of what lies in the space, and no longer those of what was purged', async () => {
	const space = await openTrialSpace();
	await live(space);
	await space.store.close();
	expect(inFile(space, 'SELECT used_bytes FROM space')).toEqual([[3]]);
	await space.close();
});
