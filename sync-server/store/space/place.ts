import type { EnvelopeId } from '#schema/ids.ts';
import { perDatabase } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { arrive, type Arriving } from './arrive.ts';
import { appendEntry } from './entry-log.ts';
import type { JoinThread } from './threads.ts';

/** One delivery into this space. The same (envelope, recipient) is placed once, however often it comes. */
export interface Placing extends Arriving {
	readonly envelope: EnvelopeId;
	readonly recipient: string;
	/** Whoever runs the server imports it; nobody delivered it. */
	readonly imported?: true;
}

export interface Placed {
	readonly arrival: number;
	/** Whether it had been placed before; nothing was written then. */
	readonly repeated: boolean;
}

const statements = perDatabase(({ $client }) => ({
	find: $client.prepare('SELECT arrival FROM placement WHERE envelope = ? AND recipient = ?').raw(),
	remember: $client.prepare('INSERT INTO placement (envelope, recipient, arrival, at) VALUES (?, ?, ?, ?)')
}));

const imports = { edge: 'import', device: null, action: 'import', detail: 'messages 1' } as const;

/** The operation that puts a delivered message into the space; `join` decides its thread. */
export function placeOperation(join: JoinThread): Operation<Placing, Placed> {
	return {
		mode: 'write',
		run(database, { envelope, recipient, imported = false, ...arriving }, context) {
			const { find, remember } = statements(database);
			const known = find.get(envelope, recipient)?.[0];
			if (typeof known === 'number') return { arrival: known, repeated: true };
			const { arrival, fence, changes } = arrive(database, join, arriving, context);
			const how = imported
				? ({ act: imports, origin: 'migration' } as const)
				: ({ act: null, origin: 'peer' } as const);
			appendEntry(database, context, { fence, ...how, changes });
			remember.run(envelope, recipient, arrival, context.now);
			return { arrival, repeated: false };
		}
	};
}
