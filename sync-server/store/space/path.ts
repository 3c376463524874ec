import { isId, type SpaceId } from '#schema/ids.ts';

/** Where a space lies in the data folder. */
export function spacePath(space: SpaceId): string {
	if (!isId(space)) throw new TypeError('not the id of a space');
	return `spaces/${space}.db`;
}
