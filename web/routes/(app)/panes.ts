/** The panes in the order of the screen, and what takes the focus in each: what is marked for it, else the first that is seen. */
const panes = [
	{ region: '#navigation', target: 'a[aria-current], a' },
	{ region: '[role=grid], .drafts', target: '[tabindex="0"], button' },
	{ region: '#message, .composer', target: '[data-entry], button, input' }
] as const;

/** Moves the focus to the next pane that is on the screen, round and round. */
export function focusNextPane(by: 1 | -1): void {
	const shown = panes.flatMap(({ region, target }) => {
		const pane = [...document.querySelectorAll(region)].find((element) => element.checkVisibility());
		const entries = [...(pane?.querySelectorAll<HTMLElement>(target) ?? [])];
		const seen = entries.filter((element) => element.checkVisibility());
		const entry = seen.find((element) => 'entry' in element.dataset) ?? seen[0];
		return pane && entry ? [{ pane, entry }] : [];
	});
	const here = shown.findIndex(({ pane }) => pane.contains(document.activeElement));
	const next = here < 0 ? 0 : (here + by + shown.length) % shown.length;
	shown[next]?.entry.focus();
}
