import { modeFrom, modeName, paintMode } from '#lib/ui/painted-mode.ts';
import { kept } from './kept.ts';

/** Paints the page in the mode chosen on this device; the app follows the device from then on. */
export function chooseMode(): void {
	paintMode(modeFrom(kept(modeName)));
}
