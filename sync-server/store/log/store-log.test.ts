import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OrganisationId, PrincipalId, SpaceId } from '#schema/ids.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { openStoreInProcess } from '../in-process.ts';
import type { Append } from '../space/entry-log.ts';
import { spacePath } from '../space/path.ts';
import { openStore, type Store } from '../store.ts';
import { appendableSpaceKind } from '../trial/append.ts';
import { describeLog } from './log.contract.ts';
import { storeLog } from './store-log.ts';

const writer = new URL('../trial/writer.ts', import.meta.url);
const options = { clock: () => 5, random: countingRandom() };

const fileOf = (store: Store, space: SpaceId) =>
	store.file<typeof appendableSpaceKind>('space', spacePath(space));

function trial(openIn: (directory: string) => Store) {
	return async () => {
		const directory = mkdtempSync(path.join(tmpdir(), 'hongyan-log-'));
		const store = openIn(directory);
		const spaces = ['one' as SpaceId, 'two' as SpaceId] as const;
		const owner = { organisation: 'org' as OrganisationId, principal: 'li' as PrincipalId };
		for (const space of spaces) {
			await fileOf(store, space).call('create', { space, spaceKind: 'mailbox', ...owner });
		}
		return {
			log: storeLog(store),
			append: (space: SpaceId, decided: Append) => fileOf(store, space).call('append', decided),
			spaces,
			close: async () => {
				await store.close();
				rmSync(directory, { recursive: true });
			}
		};
	};
}

describeLog(
	'spaces in this process',
	trial((directory) => openStoreInProcess([appendableSpaceKind], directory, options))
);
describeLog(
	'spaces in writer threads',
	trial((directory) => openStore({ directory, writer, threads: 2 }))
);
