import type { DeliveryId } from '#schema/ids.ts';
import { placements } from '#schema/tables/space.ts';
import { and, eq, inArray } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';

/**
 * How deliveries begin that are named by their content. Such a name may come again after years, when somebody
 * imports once more, so it is remembered for good.
 */
export const importedPrefix = 'import-';

/** Which of up to 500 deliveries to a recipient were placed in this space already. */
const placed: Operation<
	{ readonly recipient: string; readonly deliveries: readonly DeliveryId[] },
	readonly DeliveryId[]
> = {
	mode: 'read',
	run: (database, { recipient, deliveries }) =>
		database
			.select({ delivery: placements.delivery })
			.from(placements)
			.where(and(eq(placements.recipient, recipient), inArray(placements.delivery, deliveries.slice(0, 500))))
			.all()
			.map(({ delivery }) => delivery)
};

export const placedOperations = { placed };
