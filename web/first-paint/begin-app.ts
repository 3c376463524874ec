import type { Locale } from '#lib/i18n/locale.ts';
import { tellFailure } from './failure.ts';
import type { Later } from './later.ts';
import { showStill } from './shown-still.ts';
import { stillFor } from './still.ts';

/** What the page knows of the app it is to become. */
export interface AppStart {
	/** What the app goes into. */
	readonly element: Element;
	readonly version: string;
	/** Address of the script that holds the app. */
	readonly script: string;
	/** Runs the app, once its script is loaded. */
	readonly run: () => void;
}

/** Runs once the frame that is being made has been painted. */
function afterFrame(run: () => void): void {
	const { port1, port2 } = new MessageChannel();
	port1.onmessage = run;
	port2.postMessage(null);
}

function load({ element, script, run }: AppStart, locale: Locale): void {
	const start = document.createElement('script');
	start.src = script;
	start.onload = run;
	start.onerror = () => {
		window.hongyanStill?.release();
		tellFailure(element, locale);
	};
	document.head.append(start);
}

/** Shows the still, if there is one, then loads the app and runs it; says so where it can't be loaded. */
export function beginApp(start: AppStart, locale: Locale, later: Later): void {
	if (location.pathname === '/') history.replaceState(history.state, '', `/mail/inbox${location.search}`);
	const still = stillFor(start.version, locale);
	const loadApp = () => load(start, locale);
	if (still === null) {
		loadApp();
		return;
	}
	showStill(still, start.element, later);
	// After the still was painted; a page in the background is never painted.
	if (document.visibilityState === 'hidden') loadApp();
	else requestAnimationFrame(() => afterFrame(loadApp));
}
