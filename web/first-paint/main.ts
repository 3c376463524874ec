/**
 * What the page does before the app is loaded: light or dark and the language are chosen, and the list is shown as
 * it was last seen on this device, so that a person can look at it meanwhile. The build puts this, as one classic
 * script, into the page (`vite-first-paint.ts`); it may import nothing of the app but a few small modules.
 */
import { beginApp, type AppStart } from './begin-app.ts';
import { chooseLanguage } from './language.ts';
import { chooseMode } from './mode.ts';

declare global {
	interface Window {
		/** Called by the page once it has the element that the app goes into (`vite-start.ts`). */
		hongyanFirst?: (start: AppStart) => void;
	}
}

chooseMode();
const locale = chooseLanguage();
window.hongyanFirst = (start) => beginApp(start, locale, setTimeout);
