const storageKey = 'hongyan.list-width';
const usual = 384;

/** How wide the person made the list on this device, pixels. */
export function rememberedListWidth(): number {
	const stored = Number(localStorage.getItem(storageKey));
	return stored >= 320 && stored <= 520 ? stored : usual;
}

/** Keeps the width of the list. */
export function rememberListWidth(width: number): void {
	localStorage.setItem(storageKey, String(width));
}
