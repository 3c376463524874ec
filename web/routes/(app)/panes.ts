/** The panes in the order of the screen, and what takes the focus in each: what is marked for it, else the first that is seen. */
const panes = [
	{ region: '#navigation', target: 'a[aria-current], a' },
	{ region: '[role=grid], .drafts', target: '[tabindex="0"], button' },
	{ region: '#message, .composer', target: '[data-entry], button, input' }
] as const;

interface ShownPane {
	readonly pane: Element;
	/** What takes the focus in it. */
	readonly entry: HTMLElement;
}

function shownPanes(): ShownPane[] {
	return panes.flatMap(({ region, target }) => {
		const pane = [...document.querySelectorAll(region)].find((element) => element.checkVisibility());
		const entries = [...(pane?.querySelectorAll<HTMLElement>(target) ?? [])];
		const seen = entries.filter((element) => element.checkVisibility());
		const entry = seen.find((element) => 'entry' in element.dataset) ?? seen[0];
		return pane && entry ? [{ pane, entry }] : [];
	});
}

/** Moves the focus to the next pane that is on the screen, round and round. */
export function focusNextPane(by: 1 | -1): void {
	const shown = shownPanes();
	const here = shown.findIndex(({ pane }) => pane.contains(document.activeElement));
	const next = here < 0 ? 0 : (here + by + shown.length) % shown.length;
	shown[next]?.entry.focus();
}

/** Gives the focus to the list, or to the letter that is shown in its place, where nothing has it. */
export function focusMail(): void {
	if (document.activeElement !== null && document.activeElement !== document.body) return;
	const mail = shownPanes().find(({ pane }) => !pane.matches('#navigation'));
	mail?.entry.focus({ preventScroll: true });
}
