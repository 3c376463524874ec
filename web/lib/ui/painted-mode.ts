/** Light, dark, or as the device says. */
const modes = ['light', 'dark', 'auto'] as const;
export type Mode = (typeof modes)[number];

/** Under what this device keeps the choice. */
export const modeName = 'hongyan.mode';

/** What the system paints around the app. */
const frameColours = { light: '#e9eef5', dark: '#0d1117' } as const;

/** Reads a stored choice; the device's own where it is none of ours. */
export function modeFrom(stored: string | null): Mode {
	return modes.find((mode) => mode === stored) ?? 'auto';
}

/** Whether the device is dark, and when that changes. */
export const devicePrefersDark = () => matchMedia('(prefers-color-scheme: dark)');

/** Has the document, and what the system paints around it, shown in a mode. */
export function paintMode(mode: Mode): void {
	const painted = mode === 'auto' ? (devicePrefersDark().matches ? 'dark' : 'light') : mode;
	document.documentElement.dataset['mode'] = painted;
	document.querySelector('meta[name="theme-color"]')?.setAttribute('content', frameColours[painted]);
}
