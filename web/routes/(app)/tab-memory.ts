import type { TabMemory } from '#lib/frame/workspace.svelte.ts';

const storageKey = 'hongyan.tabs';

/** Where this device remembers which tabs were open; ids only, and nothing on a public computer. */
export function tabMemory({ publicComputer }: { readonly publicComputer: boolean }): TabMemory {
	if (publicComputer) return { read: () => null, write: () => undefined };
	return {
		read: () => localStorage.getItem(storageKey),
		write: (text) => {
			localStorage.setItem(storageKey, text);
		}
	};
}

/** Forgets them, at sign-out. */
export function forgetTabs(): void {
	localStorage.removeItem(storageKey);
}
