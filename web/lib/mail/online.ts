import type { Connectivity } from '#lib/replica/connectivity.ts';

/** Whether the server can be asked, as far as this device knows. */
export function isOnline(connectivity: Pick<Connectivity, 'state'>): boolean {
	const { kind } = connectivity.state();
	return kind !== 'offline' && kind !== 'signed-out' && kind !== 'outdated';
}

/** Calls each time the server can be asked again after it could not. Returns the end of it. */
export function whenOnline(
	connectivity: Pick<Connectivity, 'state' | 'subscribe'>,
	run: () => void
): () => void {
	let was = isOnline(connectivity);
	return connectivity.subscribe(() => {
		const is = isOnline(connectivity);
		if (is && !was) run();
		was = is;
	});
}
