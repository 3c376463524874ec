import { findChromium } from './chromium.mjs';

/** The size of window that scenarios and measurements are made for. */
export const viewport = { width: 1440, height: 900 } as const;

/**
 * What of Chromium is off. The address bar's suggestions are pages of their own, made anew for every window, and took a fifth of
 * a scenario. A list given here replaces Playwright's, so what that has for good reasons stands here too.
 */
const disabledFeatures = [
	'WebUIOmniboxPopup',
	'WebUIOmniboxAimPopup',
	'AimEnabled',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'HttpsFirstBalancedModeAutoEnable',
	'HttpsUpgrades',
	'LensOverlay',
	'MediaRouter',
	'NetworkTimeServiceQuerying',
	'OptimizationHints',
	'PaintHolding',
	'PreconnectToSearch',
	'ThirdPartyStoragePartitioning'
];

const args = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	`--disable-features=${disabledFeatures.join(',')}`
];

/** How every browser is launched. Throws where there is no Chromium. */
export function launchOptions(): { executablePath: string; args: string[] } {
	const executablePath = findChromium();
	if (executablePath === undefined) {
		throw new Error('There is no Chromium; `npm test` installs one, or HONGYAN_CHROMIUM names one.');
	}
	return { executablePath, args };
}
