import { KeyResolver, type Bindings } from './key-resolver.ts';

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
let resolver = new KeyResolver({});

function onKey(event: KeyboardEvent): void {
	// What a browser fills in by itself comes as a key without a name.
	if (!event.key || event.isComposing || event.defaultPrevented || isTyping(event.target)) return;
	const binding = resolver.press(event);
	if (binding === null) return;
	event.preventDefault();
	binding.run(event);
}

/** One resolver for all layers, so that the `s` that ends `g s` is not taken for `s` alone. */
function listen(): void {
	resolver = new KeyResolver(Object.fromEntries(layers.flatMap((layer) => Object.entries(layer))));
	if (layers.length > 0) window.addEventListener('keydown', onKey);
	else window.removeEventListener('keydown', onKey);
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
