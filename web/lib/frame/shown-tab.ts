import type { IconComponent } from '#lib/ui/icons.ts';

/** A tab as the bar shows it. */
export interface ShownTab {
	readonly key: string;
	readonly title: string;
	readonly icon: typeof IconComponent;
	/** What stands behind the title, where it is not 0. */
	readonly count: number;
	/** A letter that has not gone yet. */
	readonly isDraft: boolean;
	readonly closable: boolean;
}
