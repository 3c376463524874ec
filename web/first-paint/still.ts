import type { Locale } from '#lib/i18n/locale.ts';
import { databaseName, stillName } from '#lib/platform/kept-names.ts';
import { kept } from './kept.ts';

/** The list as it was last seen on this device, taken by `web/routes/(app)/still.ts`. */
export interface Still {
	/** Version of the app that it is a picture of. */
	readonly version: string;
	/** Name of the database of the account whose mail it shows. */
	readonly database: string;
	/** Language of the document. */
	readonly locale: string;
	/** Path of the address. */
	readonly path: string;
	/** The day on which it was taken, by the device's calendar (`Date.toDateString`). */
	readonly day: string;
	/** The markup of the app. */
	readonly html: string;
}

/** The still of this account and place, in this language and of this version of the app; null where there is none. */
export function stillFor(version: string, locale: Locale): Still | null {
	const database = kept(databaseName);
	if (database === null) return null;
	try {
		const still = JSON.parse(kept(stillName) ?? 'null') as Still | null;
		const fits =
			still?.version === version &&
			still.database === database &&
			still.locale === locale &&
			still.path === location.pathname;
		return fits ? still : null;
	} catch {
		// It is not ours.
		return null;
	}
}
