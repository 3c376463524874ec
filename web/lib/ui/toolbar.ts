/** Buttons of a toolbar; what a form in it has is reached by itself. */
const buttons = 'button:not(:disabled, form *)';

/**
 * Makes a toolbar one stop of the Tab key, as the ARIA Authoring Practices have it: the arrow keys, Home and End move within,
 * and Tab comes back to where it was left. An attachment; what it answers ends it.
 */
export function toolbarKeys(bar: HTMLElement): () => void {
	let stop: HTMLElement | undefined;

	const shown = () =>
		[...bar.querySelectorAll<HTMLElement>(buttons)].filter((each) => each.checkVisibility());

	function settle(): void {
		const all = shown();
		if (stop === undefined || !all.includes(stop)) [stop] = all;
		for (const each of bar.querySelectorAll<HTMLElement>(buttons)) each.tabIndex = each === stop ? 0 : -1;
	}

	function onFocus({ target }: FocusEvent): void {
		const button = shown().find((each) => each === target);
		if (button === undefined) return;
		stop = button;
		settle();
	}

	function onKey(event: KeyboardEvent): void {
		if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
		const all = shown();
		const here = all.findIndex((each) => each === event.target);
		if (here < 0) return;
		const places: Record<string, number> = {
			ArrowRight: (here + 1) % all.length,
			ArrowLeft: (here + all.length - 1) % all.length,
			Home: 0,
			End: all.length - 1
		};
		const next = all[places[event.key] ?? -1];
		if (next === undefined) return;
		event.preventDefault();
		event.stopPropagation();
		next.focus();
	}

	const changes = new MutationObserver(settle);
	changes.observe(bar, { subtree: true, childList: true });
	// What is shown depends on the width.
	const widths = new ResizeObserver(settle);
	widths.observe(bar);
	bar.addEventListener('focusin', onFocus);
	bar.addEventListener('keydown', onKey);
	settle();
	return () => {
		changes.disconnect();
		widths.disconnect();
		bar.removeEventListener('focusin', onFocus);
		bar.removeEventListener('keydown', onKey);
	};
}
