import type { EnvelopeId } from '#schema/ids.ts';
import { placements } from '#schema/tables/space.ts';
import { and, eq, inArray } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';

/**
 * How envelopes begin that are named by their content. Such a name may come again after years, when somebody
 * imports once more, so it is remembered for good.
 */
export const importedPrefix = 'import-';

/** Of which of up to 500 envelopes the delivery to a recipient was placed in this space already. */
const placed: Operation<
	{ readonly recipient: string; readonly envelopes: readonly EnvelopeId[] },
	readonly EnvelopeId[]
> = {
	mode: 'read',
	run: (database, { recipient, envelopes }) =>
		database
			.select({ envelope: placements.envelope })
			.from(placements)
			.where(and(eq(placements.recipient, recipient), inArray(placements.envelope, envelopes.slice(0, 500))))
			.all()
			.map(({ envelope }) => envelope)
};

export const placedOperations = { placed };
