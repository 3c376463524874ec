import type { Later } from './later.ts';

/** How many presses are noted; whoever presses more has given up on the page. */
const most = 20;

/** What a person does on a still; all of it is kept from the page. */
const noticed = ['click', 'auxclick', 'contextmenu', 'dragstart', 'keydown'];

/** By what a link or button is found again in the app. */
function nameOf(control: Element): string {
	return `${control.localName} ${control.getAttribute('href') ?? ''} ${control.ariaLabel ?? control.textContent}`;
}

/** Finds, in the app that takes the still's place, the row, link or button that was clicked. */
function placeOf(target: Element): () => HTMLElement | null | undefined {
	const row = target.closest<HTMLElement>('[data-arrival]');
	if (row !== null) {
		const part = target.closest('.choose') === null ? '' : ' .choose';
		const selector = `[data-arrival="${row.dataset['arrival'] ?? ''}"]${part}`;
		return () => document.querySelector<HTMLElement>(selector);
	}
	const controls = 'a[href], button';
	const control = target.closest(controls);
	const name = control && nameOf(control);
	return () => [...document.querySelectorAll<HTMLElement>(controls)].find((other) => nameOf(other) === name);
}

/** Whether a key goes to the browser or the system, or does nothing by itself. */
function isForeign({ ctrlKey, metaKey, altKey, key }: KeyboardEvent): boolean {
	return ctrlKey || metaKey || altKey || (key.length > 1 && key !== 'Enter');
}

/** How a press is done again in the app; null where it is only kept from the page. */
function againOf(event: Event): (() => void) | null {
	if (event instanceof KeyboardEvent) {
		const { key, code, shiftKey } = event;
		const again = { key, code, shiftKey, bubbles: true, cancelable: true };
		return () => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', again));
	}
	if (event.type !== 'click' || !(event.target instanceof Element)) return null;
	const place = placeOf(event.target);
	return () => place()?.click();
}

/** Notes what is pressed instead of letting the page see it. Returns what ends that and does it all, in order. */
export function notePresses(later: Later): () => void {
	const presses: (() => void)[] = [];
	const note = (event: Event) => {
		if (event instanceof KeyboardEvent && isForeign(event)) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		const again = presses.length < most ? againOf(event) : null;
		if (again !== null) presses.push(again);
	};
	for (const event of noticed) document.addEventListener(event, note, true);
	return () => {
		for (const event of noticed) document.removeEventListener(event, note, true);
		// Each by itself: the app has seen the one before when the next one comes.
		for (const press of presses) later(press, 0);
	};
}
