import type { CatalogueOf } from '../catalogue.ts';

/** What the page says before the app is loaded. */
export const start: CatalogueOf<'start'> = {
	'start.failed':
		'The app could not be loaded. What is on this device is safe. Check the connection and load the page again.'
};
