import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { currentSession } from '../current-session.ts';

/** How long a still may stand for the app while what the device holds is read, milliseconds. */
const patience = 2_000;

/** Opens what this device holds; who is not signed in goes to the sign-in and comes back. */
export async function load({ url }: { url: URL }) {
	const session = await currentSession.open();
	if (session === null) {
		const next = url.pathname === '/' ? '' : `?next=${encodeURIComponent(url.pathname)}`;
		redirect(307, `${resolve('/(auth)/sign-in')}${next}`);
	}
	// The list comes in one piece where there is something to look at meanwhile.
	if (window.hongyanStill !== undefined) {
		await Promise.race([session.loaded, new Promise((resolve) => setTimeout(resolve, patience))]);
	}
	return { session };
}
