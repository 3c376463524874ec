import type { Page } from '@playwright/test';

/**
 * What can be pressed or written in and is not wholly on the screen: over an edge of the window, or cut off by a box
 * around it. What a list can be scrolled to counts as there, and so do the tabs of a bar that scrolls sideways; what
 * shows only when the focus is on it is left out. Answers with a few words on each.
 */
export function controlsOutside(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const controls =
			'button, a[href], input, textarea, [contenteditable=true], [role=option], [role=menuitem]';
		/** Half a pixel is a matter of rounding. */
		const slack = 0.5;
		const outside: string[] = [];

		const isShown = (element: Element, { width, height }: DOMRect) =>
			width > 4 &&
			height > 4 &&
			!element.matches('.skip') &&
			element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

		/** The edges that the boxes around an element leave of the window. */
		const roomOf = (element: Element) => {
			const room = { left: 0, right: window.innerWidth, top: 0, bottom: window.innerHeight };
			if (element.closest('[role=tablist]') !== null)
				Object.assign(room, { left: -Infinity, right: Infinity });
			for (let box = element.parentElement; box !== null; box = box.parentElement) {
				const { overflowX, overflowY, position } = getComputedStyle(box);
				const edges = box.getBoundingClientRect();
				if (overflowX !== 'visible' && room.left !== -Infinity) {
					room.left = Math.max(room.left, edges.left);
					room.right = Math.min(room.right, edges.right);
				}
				if (overflowY === 'auto' || overflowY === 'scroll')
					Object.assign(room, { top: -Infinity, bottom: Infinity });
				if (position === 'fixed') break;
			}
			return room;
		};

		for (const element of document.querySelectorAll(controls)) {
			const box = element.getBoundingClientRect();
			if (!isShown(element, box)) continue;
			const room = roomOf(element);
			const isInside =
				box.left >= room.left - slack &&
				box.right <= room.right + slack &&
				box.top >= room.top - slack &&
				box.bottom <= room.bottom + slack;
			if (isInside) continue;
			const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
			const edges = [box.left, box.right, box.top, box.bottom].map(Math.round).join(' ');
			outside.push(`${element.localName}.${element.classList[0] ?? ''} "${name}" at ${edges}`);
		}
		return outside;
	});
}
