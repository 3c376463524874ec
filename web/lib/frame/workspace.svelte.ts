import { isId, type DocumentId } from '#schema/ids.ts';

/** A tab beside the list: an open draft, or a message that was given a tab of its own. */
export type WorkspaceTab =
	| { readonly kind: 'draft'; readonly id: DocumentId }
	| { readonly kind: 'message'; readonly arrival: number };

/** Where the tabs of this device are remembered; memory only on a public computer. */
export interface TabMemory {
	read(): string | null;
	write(text: string): void;
}

/** At most this many tabs; the oldest makes room. */
const most = 24;

/** What tells one tab from another, for lists and comparisons. */
export function tabKey(tab: WorkspaceTab): string {
	return tab.kind === 'draft' ? `draft:${tab.id}` : `message:${tab.arrival}`;
}

function tabFrom(value: unknown): WorkspaceTab | null {
	if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
	if (value.kind === 'draft' && 'id' in value && isId(value.id))
		return { kind: 'draft', id: value.id as DocumentId };
	if (value.kind === 'message' && 'arrival' in value && Number.isSafeInteger(value.arrival)) {
		return { kind: 'message', arrival: Number(value.arrival) };
	}
	return null;
}

function tabsFrom(text: string | null): WorkspaceTab[] {
	if (text === null) return [];
	try {
		const stored: unknown = JSON.parse(text);
		return Array.isArray(stored) ? stored.map(tabFrom).filter((tab) => tab !== null) : [];
	} catch {
		// Not ours, or half written: begin without tabs, nothing else depends on it.
		return [];
	}
}

/** The tabs of this window, in the order they were opened; remembered across a reload. */
export class Workspace {
	readonly #memory: TabMemory;
	#tabs = $state.raw<readonly WorkspaceTab[]>([]);

	constructor(memory: TabMemory) {
		this.#memory = memory;
		this.#tabs = tabsFrom(memory.read()).slice(-most);
	}

	get tabs(): readonly WorkspaceTab[] {
		return this.#tabs;
	}

	/** Adds a tab, if it is not there yet. */
	open(tab: WorkspaceTab): void {
		const key = tabKey(tab);
		if (this.#tabs.some((other) => tabKey(other) === key)) return;
		this.#keep([...this.#tabs, tab].slice(-most));
	}

	/** Takes a tab away; answers the tab that stands in its place, null where that is the list. */
	close(tab: WorkspaceTab): WorkspaceTab | null {
		const place = this.#tabs.findIndex((other) => tabKey(other) === tabKey(tab));
		if (place < 0) return null;
		const rest = this.#tabs.toSpliced(place, 1);
		this.#keep(rest);
		return rest[place] ?? rest[place - 1] ?? null;
	}

	/** Drops the tabs of what no longer exists. */
	keepOnly(exists: (tab: WorkspaceTab) => boolean): void {
		const kept = this.#tabs.filter(exists);
		if (kept.length !== this.#tabs.length) this.#keep(kept);
	}

	#keep(tabs: readonly WorkspaceTab[]): void {
		this.#tabs = tabs;
		this.#memory.write(JSON.stringify(tabs));
	}
}
