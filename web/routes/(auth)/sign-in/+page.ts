import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { currentSession } from '../../current-session.ts';

/**
 * Who is signed in on this device has nothing to do here. Looking also tells the server of a sign-out that it
 * could not be told when it happened.
 */
export async function load(): Promise<void> {
	if ((await currentSession.open()) !== null)
		redirect(307, resolve('/(app)/mail/[folder]', { folder: 'inbox' }));
}
