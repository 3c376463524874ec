import type { Connectivity } from '#lib/replica/connectivity.ts';

/** Whether the server can be asked, as far as this device knows. */
export function isOnline(connectivity: Pick<Connectivity, 'server'>): boolean {
	return connectivity.server().kind === 'online';
}

/** Calls each time the server can be asked again after it could not. Returns the end of it. */
export function whenOnline(
	connectivity: Pick<Connectivity, 'server' | 'subscribe'>,
	run: () => void
): () => void {
	let was = isOnline(connectivity);
	return connectivity.subscribe(() => {
		const is = isOnline(connectivity);
		if (is && !was) run();
		was = is;
	});
}
