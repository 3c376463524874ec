import { createContext } from 'svelte';
import type { Folder } from './folders.ts';

/** The list a message was opened from, for the pane beside it. */
export interface ListScene {
	readonly folder: Folder;
	/** Whether it is known that there is something to pick from, or that there is nothing; null while it is not. */
	readonly isEmpty: boolean | null;
	/** Shows the next or the previous message of the list. */
	step(by: 1 | -1): void;
	/** Returns to the list. */
	back(): void;
}

export const [listScene, provideListScene] = createContext<ListScene>();
