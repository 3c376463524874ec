import { devicePrefersDark, modeFrom, modeName, paintMode, type Mode } from './painted-mode.ts';

let chosen = $state.raw<Mode>('auto');

/** Takes over from the first paint and follows the device from now on. */
export function watchMode(): () => void {
	const apply = () => paintMode(chosen);
	chosen = modeFrom(localStorage.getItem(modeName));
	apply();
	const query = devicePrefersDark();
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
	localStorage.setItem(modeName, next);
	paintMode(next);
}
