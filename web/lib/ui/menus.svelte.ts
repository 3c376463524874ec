import type { IconComponent } from './icons.ts';
import type { Box, Side } from './placement.ts';

/** One line of a menu. */
export type MenuItem =
	| {
			readonly kind: 'action';
			readonly label: string;
			readonly icon?: typeof IconComponent;
			/** The key that does the same, as tinykeys writes it. */
			readonly keys?: string;
			/** Destroys something: shown in red, with its icon and verb. */
			readonly danger?: boolean;
			/** Part of a choice: whether it is the chosen one. */
			readonly checked?: boolean;
			run(): void;
	  }
	| { readonly kind: 'separator' }
	| { readonly kind: 'heading'; readonly label: string };

export interface OpenMenu {
	readonly label: string;
	readonly items: readonly MenuItem[];
	readonly anchor: Box;
	readonly side: Side;
	/** Where the focus goes when the menu closes. */
	readonly opener: HTMLElement | null;
}

let open = $state.raw<OpenMenu | null>(null);

/** The open menu, if any; there is one for the whole screen. */
export function openedMenu(): OpenMenu | null {
	return open;
}

/** Opens a menu beside the element that was pressed. */
export function openMenu(
	opener: HTMLElement,
	label: string,
	items: readonly MenuItem[],
	side: Side = 'below-start'
): void {
	open = { label, items, anchor: opener.getBoundingClientRect(), side, opener };
}

/** Opens a context menu where the pointer is, or beside its element when the keyboard asked for it. */
export function openContextMenu(
	event: MouseEvent,
	opener: HTMLElement,
	label: string,
	items: readonly MenuItem[]
): void {
	const byKeyboard = event.button === 0 && event.detail === 0;
	const anchor = byKeyboard
		? opener.getBoundingClientRect()
		: { left: event.clientX, top: event.clientY, width: 0, height: 0 };
	open = { label, items, anchor, side: 'below-start', opener };
}

/** Closes the menu; the focus returns to its opener where it was in the menu. */
export function closeMenu(): void {
	const opener = open?.opener;
	open = null;
	opener?.focus({ preventScroll: true });
}
