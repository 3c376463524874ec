import { tinykeys } from 'tinykeys';

/** What keys do, by binding as tinykeys writes it. */
export type Bindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Whether the keys of an event belong to what is typed in. */
function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.isContentEditable ||
			target.matches('input:not([type="checkbox"], [type="radio"]), select, textarea'))
	);
}

/** All that listen now, the innermost last. */
const layers: Bindings[] = [];
let stop: () => void = () => undefined;

/**
 * One listener for all layers, so that the `s` that ends `g s` is not taken for `s` alone; sequences come
 * first for the same reason.
 */
function listen(): void {
	stop();
	const bindings = [...new Map(layers.flatMap((layer) => Object.entries(layer)))];
	const isSequence = ([binding]: (typeof bindings)[number]) => binding.includes(' ');
	const ordered = [...bindings.filter(isSequence), ...bindings.filter((entry) => !isSequence(entry))];
	const guarded: Bindings = Object.fromEntries(
		ordered.map(([binding, run]) => [
			binding,
			(event: KeyboardEvent) => {
				event.preventDefault();
				run(event);
			}
		])
	);
	stop = tinykeys(window, guarded, {
		ignore: (event) => event.isComposing || event.defaultPrevented || isTyping(event.target)
	});
}

/**
 * Adds single keys and sequences to what the whole window listens to; they are off where something is
 * typed (WCAG 2.1.4). Returns the end of listening to these.
 */
export function listenToKeys(bindings: Bindings): () => void {
	layers.push(bindings);
	listen();
	return () => {
		layers.splice(layers.indexOf(bindings), 1);
		listen();
	};
}
