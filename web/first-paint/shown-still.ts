import type { Later } from './later.ts';
import { notePresses } from './presses.ts';
import type { Still } from './still.ts';

declare global {
	interface Window {
		/** The still on the screen, while the app has not taken its place. */
		hongyanStill?: {
			/** Takes it away, and does what was pressed on it. */
			release(): void;
		};
	}
}

/** How long a still may wait for the app, milliseconds: one that does not come must not leave a picture of itself. */
const longest = 10_000;

/** A still as an element that covers the page. */
function holderOf({ html, day }: Still): HTMLElement {
	const holder = document.createElement('div');
	holder.className = 'still';
	holder.style.cssText = 'position: fixed; inset: 0; z-index: var(--z-toast); background: var(--canvas)';
	holder.innerHTML = html;
	// Whether all is synced is not known yet, and on another day «today» is not today.
	const unknown = day === new Date().toDateString() ? '[data-live]' : '[data-live], time, .heading';
	for (const part of holder.querySelectorAll<HTMLElement>(unknown)) part.style.visibility = 'hidden';
	return holder;
}

/** Shows a still over what will be the app, until it is released or the app has not come in time. */
export function showStill(still: Still, element: Element, later: Later): void {
	const holder = holderOf(still);
	element.prepend(holder);
	const doNoted = notePresses(later);
	window.hongyanStill = {
		release() {
			delete window.hongyanStill;
			holder.remove();
			doNoted();
		}
	};
	later(() => window.hongyanStill?.release(), longest);
}
