import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { systemClock } from '#lib/platform/clock.ts';
import { currentSession } from '../current-session.ts';
import { readBehindStill } from './read-behind-still.ts';

/** Opens what this device holds; who is not signed in goes to the sign-in and comes back. */
export async function load({ url }: { url: URL }) {
	const session = await currentSession.open();
	if (session === null) {
		const next = url.pathname === '/' ? '' : `?next=${encodeURIComponent(url.pathname)}`;
		redirect(307, `${resolve('/(auth)/sign-in')}${next}`);
	}
	// The list comes in one piece where there is something to look at meanwhile.
	if (window.hongyanStill !== undefined) await readBehindStill(session.loaded, systemClock);
	return { session };
}
