import { error } from '@sveltejs/kit';

/** The arrival number of a message, or no page. */
export function load({ params }: { params: { arrival: string } }) {
	const arrival = Number(params.arrival);
	if (!Number.isSafeInteger(arrival) || arrival < 0) error(404);
	return { arrival };
}
