import type { DeliveryId } from '#schema/ids.ts';
import { placements } from '#schema/tables/space.ts';
import { perDatabase, sql, and, eq } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { arrive, type Arriving } from './arrive.ts';
import { appendEntry } from './entry-log.ts';
import type { JoinThread } from './threads.ts';

/** One delivery into this space. The same (delivery, recipient) is placed once, however often it comes. */
export interface Placing extends Arriving {
	readonly delivery: DeliveryId;
	readonly recipient: string;
}

export interface Placed {
	readonly arrival: number;
	/** Whether it had been placed before; nothing was written then. */
	readonly repeated: boolean;
}

const statements = perDatabase((database) => ({
	find: database
		.select({ arrival: placements.arrival })
		.from(placements)
		.where(
			and(
				eq(placements.delivery, sql.placeholder('delivery')),
				eq(placements.recipient, sql.placeholder('recipient'))
			)
		)
		.prepare(),
	remember: database
		.insert(placements)
		.values({
			delivery: sql.placeholder('delivery'),
			recipient: sql.placeholder('recipient'),
			arrival: sql.placeholder('arrival'),
			at: sql.placeholder('at')
		})
		.prepare()
}));

/** The operation that puts a delivered message into the space; `join` decides its thread. */
export function placeOperation(join: JoinThread): Operation<Placing, Placed> {
	return {
		mode: 'write',
		run(database, { delivery, recipient, ...arriving }, context) {
			const { find, remember } = statements(database);
			const known = find.get({ delivery, recipient });
			if (known !== undefined) return { arrival: known.arrival, repeated: true };
			const { arrival, changes } = arrive(database, join, arriving, context);
			appendEntry(database, context, { device: null, origin: 'peer', changes });
			remember.run({ delivery, recipient, arrival, at: context.now });
			return { arrival, repeated: false };
		}
	};
}
