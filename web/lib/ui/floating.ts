import type { Attachment } from 'svelte/attachments';
import { placeBeside, type Box, type Side } from './placement.ts';

/** Lifts an element with `popover` to the top layer, beside its anchor; follows when either changes size. */
export function floatBeside(anchor: () => Box, side: Side, gap?: number): Attachment<HTMLElement> {
	return (element) => {
		const place = () => {
			const size = { width: element.offsetWidth, height: element.offsetHeight };
			const screen = { width: document.documentElement.clientWidth, height: window.innerHeight };
			const { left, top } = placeBeside(anchor(), size, screen, side, gap);
			element.style.left = `${left}px`;
			element.style.top = `${top}px`;
		};
		element.showPopover();
		place();
		const watcher = new ResizeObserver(place);
		watcher.observe(element);
		window.addEventListener('resize', place);
		return () => {
			watcher.disconnect();
			window.removeEventListener('resize', place);
		};
	};
}
