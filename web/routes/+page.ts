import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';

/** The app begins in the inbox. */
export function load(): never {
	redirect(307, resolve('/(app)/mail/[folder]', { folder: 'inbox' }));
}
