import { tinykeys } from 'tinykeys';

/** What keys do, by binding as tinykeys writes it. */
export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Whether the keys of an event belong to what is typed in. */
export function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), select, textarea'))
	);
}

/**
 * Listens to single keys and sequences in the whole window; they are off where something is typed
 * (WCAG 2.1.4). Returns the end of listening.
 */
export function listenToKeys(bindings: Bindings): () => void {
	const guarded = Object.entries(bindings).map(([binding, run]) => [
		binding,
		(event: KeyboardEvent) => {
			event.preventDefault();
			run(event);
		}
	]);
	return tinykeys(window, Object.fromEntries(guarded), {
		ignore: (event) => event.isComposing || event.defaultPrevented || isTyping(event.target)
	});
}
