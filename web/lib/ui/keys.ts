/** Whether this machine writes shortcuts the Apple way. */
function isApple(platform: string = navigator.platform): boolean {
	return /mac|iphone|ipad/i.test(platform);
}

const appleNames: Record<string, string> = { $mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'Esc' };
const otherNames: Record<string, string> = {
	$mod: 'Ctrl',
	Shift: 'Shift',
	Alt: 'Alt',
	Enter: '↵',
	Escape: 'Esc'
};

/**
 * The key caps of a binding as tinykeys writes it: `$mod+Enter` gives `⌘ ↩` or `Ctrl ↵`, the sequence
 * `g i` gives `G I`; a modifier in brackets may or may not be held and is not shown.
 */
export function keyCaps(binding: string, apple = isApple()): string[] {
	const names = apple ? appleNames : otherNames;
	return binding.split(' ').flatMap((press) =>
		press
			.split(/(?<=\w|\])\+/)
			.filter((key) => !key.startsWith('['))
			.map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
	);
}
