import type { Attachment } from 'svelte/attachments';
import type { Box } from './placement.ts';

/** What a tooltip says: the name of the control and the key that does the same. */
export interface Tip {
	readonly label: string;
	readonly keys?: string | undefined;
}

/** Rest before a tooltip opens under the pointer, milliseconds. */
const rest = 450;

let shown = $state.raw<{ tip: Tip; anchor: Box } | null>(null);
let waiting: ReturnType<typeof setTimeout> | undefined;

/** The tooltip to draw, if any; there is one for the whole screen. */
export function shownTip(): { tip: Tip; anchor: Box } | null {
	return shown;
}

/**
 * Changes the tooltip a moment later: controls get and lose the focus also while a part of the screen is put
 * up or taken away, when nothing may be written, or read and followed.
 */
function soon(next: () => typeof shown): void {
	clearTimeout(waiting);
	queueMicrotask(() => {
		shown = next();
	});
}

/** Takes the tooltip away. */
export function hideTip(): void {
	soon(() => null);
}

/** Shows a tooltip under the pointer and on keyboard focus. `tip` may say null while there is nothing to add. */
export function tooltip(tip: () => Tip | null): Attachment<HTMLElement> {
	return (element) => {
		const show = () => {
			soon(() => {
				const now = element.isConnected ? tip() : null;
				return now === null ? null : { tip: now, anchor: element.getBoundingClientRect() };
			});
		};
		const onEnter = (event: PointerEvent) => {
			if (event.pointerType !== 'mouse') return;
			clearTimeout(waiting);
			waiting = setTimeout(show, rest);
		};
		const onFocus = () => {
			if (element.matches(':focus-visible')) show();
		};
		const listeners: readonly [string, (event: never) => void][] = [
			['pointerenter', onEnter],
			['pointerleave', hideTip],
			['pointerdown', hideTip],
			['focus', onFocus],
			['blur', hideTip]
		];
		for (const [name, listener] of listeners) element.addEventListener(name, listener as EventListener);
		return () => {
			for (const [name, listener] of listeners) element.removeEventListener(name, listener as EventListener);
			hideTip();
		};
	};
}
