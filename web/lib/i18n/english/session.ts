import type { CatalogueOf } from '../catalogue.ts';

/** Signing in, and the words every component shares. */
export const session: CatalogueOf<'session'> = {
	'signIn.title': 'Sign in',
	'signIn.server': 'Server {host}',
	'signIn.secure': 'The connection is encrypted',
	'signIn.address': 'Email address',
	'signIn.password': 'Password',
	'signIn.showPassword': 'Show password',
	'signIn.hidePassword': 'Hide password',
	'signIn.remember': 'Remember my address',
	'signIn.public': 'Public computer, keep no mail here',
	'signIn.submit': 'Sign in',
	'signIn.working': 'Signing in',
	'signIn.again': 'Sign in again',
	'signIn.againText':
		'The session of {address} expired. What you wrote is on this device and syncs when you have signed in.',
	'signIn.expired':
		'Your session expired. Go on working: everything is kept here and syncs when you have signed in again.',
	'signIn.later': 'Later',
	'signIn.refused.wrong-password': 'Address or password is wrong.',
	'signIn.refused.offline': 'The server can’t be reached. Check the network and try again.',
	'signIn.refused.internal': 'The server failed. Try again later.',
	'signIn.refused.waitSeconds':
		'Too many attempts. Try again in {seconds, plural, one {# second} other {# seconds}}.',
	'signIn.refused.waitMinutes':
		'Too many attempts. Try again in {minutes, plural, one {# minute} other {# minutes}}.',
	'signIn.headline1': 'When the network is gone,',
	'signIn.headline2': 'your letters are not.',
	'signIn.lead': 'Mail lives on your own devices and your own server.',
	'signIn.localFirst': 'Local first',
	'signIn.selfHosted': 'Self-hosted',
	'signIn.open': 'Open standards',
	'ui.close': 'Close',
	'ui.cancel': 'Cancel',
	'ui.dismiss': 'Got it',
	'ui.more': 'More actions',
	'ui.tryAgain': 'Try again',
	'ui.notices': 'Notices'
};
