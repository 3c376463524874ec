/** A box on the screen, CSS pixels from the viewport's top left. */
export interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** Where a floating box stands to its anchor: below it, aligned with its start, end or middle; or to its side. */
export type Side = 'below-start' | 'below-end' | 'below-middle' | 'beside';

/** Distance kept from the edge of the screen. */
const margin = 8;

function clamp(value: number, lowest: number, highest: number): number {
	return Math.max(lowest, Math.min(value, highest));
}

/**
 * Where to put a floating box so that it is whole on the screen: on the wanted side of its anchor, on the
 * opposite side where there is more room, never over the edge.
 */
export function placeBeside(
	anchor: Box,
	floating: Size,
	screen: Size,
	side: Side,
	gap = 4
): { left: number; top: number } {
	const highestLeft = Math.max(margin, screen.width - floating.width - margin);
	const highestTop = Math.max(margin, screen.height - floating.height - margin);
	if (side === 'beside') {
		const right = anchor.left + anchor.width + gap;
		const fits = right + floating.width + margin <= screen.width;
		const left = fits ? right : anchor.left - gap - floating.width;
		return { left: clamp(left, margin, highestLeft), top: clamp(anchor.top, margin, highestTop) };
	}
	const below = anchor.top + anchor.height + gap;
	const above = anchor.top - gap - floating.height;
	const fitsBelow = below + floating.height + margin <= screen.height;
	const top = fitsBelow || above < margin ? below : above;
	return {
		left: clamp(startOf(anchor, floating, side), margin, highestLeft),
		top: clamp(top, margin, highestTop)
	};
}

function startOf(anchor: Box, floating: Size, side: 'below-start' | 'below-end' | 'below-middle'): number {
	switch (side) {
		case 'below-start':
			return anchor.left;
		case 'below-end':
			return anchor.left + anchor.width - floating.width;
		case 'below-middle':
			return anchor.left + (anchor.width - floating.width) / 2;
	}
}
