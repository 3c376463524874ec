import { writeSync } from 'node:fs';
import type { OrganisationId, PrincipalId } from '#schema/ids.ts';
import { spacePath } from '../space/path.ts';
import type { SpaceKind } from '../space/kind.ts';
import { openStore } from '../store.ts';
import type { trialKind } from './kind.ts';
import { delivery, trialSpaceId } from './space.ts';

/**
 * A process that writes until it is killed: notes and deliveries, numbered on from the second argument, in the
 * data folder that is the first. It prints every number once its write is answered, and not before.
 */
const [directory = '', start = '0'] = process.argv.slice(2);
const store = openStore({ directory, writer: new URL('./writer.ts', import.meta.url) });
const notes = store.file<typeof trialKind>('trial', 'notes.db');
const space = store.file<SpaceKind>('space', spacePath(trialSpaceId));
const owner = { organisation: 'org' as OrganisationId, principal: 'li' as PrincipalId };
await space.call('create', { space: trialSpaceId, spaceKind: 'mailbox', ...owner });

let next = Number(start);
async function write(kind: 'note' | 'delivery'): Promise<never> {
	for (;;) {
		const number = next;
		next += 1;
		if (kind === 'note') await notes.call('add', { number, text: 'x'.repeat(number % 5000) });
		else await space.call('place', delivery(number));
		writeSync(1, `${kind} ${number}\n`);
	}
}
await Promise.all([
	write('note'),
	write('note'),
	write('note'),
	write('delivery'),
	write('delivery'),
	write('delivery')
]);
