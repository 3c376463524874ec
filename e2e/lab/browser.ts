import { findChromium } from './chromium.mjs';

/** The size of window that scenarios and measurements are made for. */
export const viewport = { width: 1440, height: 900 } as const;

const args = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

/** How every browser is launched. Throws where there is no Chromium. */
export function launchOptions(): { executablePath: string; args: string[] } {
	const executablePath = findChromium();
	if (executablePath === undefined) {
		throw new Error('There is no Chromium; `npm test` installs one, or HONGYAN_CHROMIUM names one.');
	}
	return { executablePath, args };
}
