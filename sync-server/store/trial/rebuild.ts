import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Entry } from '#schema/space/entry.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { connect } from '../connection.ts';
import { openFile } from '../open-file.ts';
import { applyEntry } from '../space/apply.ts';
import { spaceKind } from '../space/kind.ts';
import { spacePath } from '../space/path.ts';
import { runCalls } from '../transaction.ts';
import { joinByIds, trialSpaceId, type TrialSpace } from './space.ts';

/** What the log alone decides, and in which order its rows are told. */
const derived = [
	'SELECT head, arrivals, clock_time, clock_counter FROM space',
	'SELECT * FROM message ORDER BY arrival',
	'SELECT summary.* FROM summary JOIN message USING (arrival) WHERE withdrawn_seq IS NULL ORDER BY arrival',
	'SELECT * FROM message_register ORDER BY field, arrival',
	'SELECT * FROM subject_register ORDER BY subject, field',
	'SELECT * FROM document ORDER BY id',
	'SELECT * FROM document_update ORDER BY document, number',
	'SELECT * FROM submission ORDER BY id',
	'SELECT * FROM submission_delivery ORDER BY submission, recipient'
];

function dump(file: string) {
	const connection = connect(file);
	const tables = derived.map((query) => connection.prepare(query).raw().all());
	connection.close();
	return tables;
}

/** The derived tables of a space, which is closed for it, and those that its log makes of an empty file. */
export async function rebuild(space: TrialSpace, entries: readonly Entry[]) {
	await space.store.close();
	const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-rebuild-'));
	const file = path.join(folder, 'rebuilt.db');
	const kind = spaceKind(joinByIds);
	const empty = openFile(kind, file, {}, 0);
	const owner = { space: trialSpaceId, organisation: 'org', principal: 'li', spaceKind: 'mailbox' };
	const create = { operation: kind.operations.create, input: owner };
	runCalls(empty, [create], { clock: () => 0, random: countingRandom() });
	for (const entry of entries) applyEntry(empty.database, entry);
	empty.close();
	const rebuilt = dump(file);
	rmSync(folder, { recursive: true });
	return { stored: dump(path.join(space.directory, spacePath(trialSpaceId))), rebuilt };
}
