/** Light, dark, or as the device says. */
export const modes = ['light', 'dark', 'auto'] as const;
export type Mode = (typeof modes)[number];

/** Shared with `static/first-paint.js`, which reads it before anything is painted. */
const storageKey = 'hongyan.mode';

function stored(): Mode {
	const value = localStorage.getItem(storageKey);
	return modes.find((mode) => mode === value) ?? 'auto';
}

/** What the system paints around the app; the same as in `static/first-paint.js`. */
const frameColours = { light: '#e9eef5', dark: '#0d1117' } as const;

let chosen = $state.raw<Mode>('auto');
const dark = () => matchMedia('(prefers-color-scheme: dark)');

function apply(): void {
	const painted = chosen === 'auto' ? (dark().matches ? 'dark' : 'light') : chosen;
	document.documentElement.dataset['mode'] = painted;
	document.querySelector('meta[name="theme-color"]')?.setAttribute('content', frameColours[painted]);
}

/** Takes over from the script of the first paint and follows the device from now on. */
export function watchMode(): () => void {
	chosen = stored();
	apply();
	const query = dark();
	query.addEventListener('change', apply);
	return () => {
		query.removeEventListener('change', apply);
	};
}

/** The chosen mode; reactive. */
export function mode(): Mode {
	return chosen;
}

/** Chooses a mode and keeps the choice on this device. */
export function chooseMode(next: Mode): void {
	chosen = next;
	localStorage.setItem(storageKey, next);
	apply();
}
