import { catchUpOf, receiveChangedPack, receiveOpeningSince } from '../log/receive-changed.ts';
import type { ReplicaCore } from '../replica-core.ts';
import type { Fetched, ServerApi } from './server-api.ts';

/**
 * How catching up below the log's floor ended: `level` with where the log can be followed again; `later` where the server
 * did not answer, so that it is gone on with another time; `anew` where it can't be done and the space has to be opened.
 */
export type CaughtUp = 'level' | 'later' | 'anew';

function endOf({ code }: Extract<Fetched<unknown>, { kind: 'failed' }>): CaughtUp {
	return code === 'refused' || code === 'gone' ? 'anew' : 'later';
}

/**
 * Takes what changed since the cursor of this replica, newest messages first, each step stored with how far it has come;
 * goes on from where it stopped, now or in another life. Rejects with StorageError.
 *
 * @param isWanted false ends it, as when the connection is another one
 */
export async function catchUp(core: ReplicaCore, api: ServerApi, isWanted: () => boolean): Promise<CaughtUp> {
	if ((await catchUpOf(core)) === undefined) {
		const opening = await api.openingSince(core.memory.head?.cursor.seq ?? 0);
		if (!isWanted()) return 'later';
		if (opening.kind === 'failed') return endOf(opening);
		if (!(await receiveOpeningSince(core, opening.value))) return 'anew';
	}
	for (let row = await catchUpOf(core); row !== undefined; row = await catchUpOf(core)) {
		const { since, before } = row;
		const pack = await api.changedPack(since.seq, before);
		if (!isWanted()) return 'later';
		if (pack.kind === 'failed') return endOf(pack);
		const isNext = pack.value.to === before && pack.value.cursor.generation === since.generation;
		if (!isNext) return 'anew';
		await receiveChangedPack(core, pack.value);
	}
	return 'level';
}
