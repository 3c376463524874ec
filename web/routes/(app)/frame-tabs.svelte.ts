import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { createContext } from 'svelte';
import { createSubscriber, SvelteSet } from 'svelte/reactivity';
import { isId, type DocumentId } from '#schema/ids.ts';
import { tabKey, type Workspace, type WorkspaceTab } from '#lib/frame/workspace.svelte.ts';
import type { ShownTab } from '#lib/frame/shown-tab.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import { folderNamed, type Folder, folders } from '#lib/mail/folders.ts';
import type { MailDesk } from '#lib/mail/mail-desk.svelte.ts';
import { afterPaint } from '#lib/ui/frames.ts';
import { Mail, SquarePen } from '#lib/ui/icons.ts';
import { focusMail } from './panes.ts';

/** The key of the tab that holds the list. */
const home = 'home';

function keyOf(tab: WorkspaceTab | null): string {
	return tab === null ? home : tabKey(tab);
}

/** The tabs of the frame: they follow the address, and lead to addresses. */
export class FrameTabs {
	readonly #workspace: Workspace;
	readonly #desk: MailDesk;
	readonly #followDrafts: () => void;
	readonly #seenDrafts = new SvelteSet<DocumentId>();
	#current = $state.raw<WorkspaceTab | null>(null);
	#folder = $state.raw<Folder | undefined>(folders[0]);
	/** The tab that the arrow keys led to: the focus stays on the tabs. */
	#walkedTo: string | null = null;
	/** Where the list was left. */
	#homePath = resolve('/(app)/mail/[folder]', { folder: 'inbox' }) as string;

	constructor(workspace: Workspace, desk: MailDesk) {
		this.#workspace = workspace;
		this.#desk = desk;
		this.#followDrafts = createSubscriber((update) => desk.session.drafts.subscribe(update));
	}

	/** Key of the tab on the screen. */
	get current(): string {
		return keyOf(this.#current);
	}

	/** Whether what the current tab shows takes the focus. */
	get takesFocus(): boolean {
		return this.#walkedTo !== this.current;
	}

	/** The tabs as the bar shows them, the list first. */
	get shown(): readonly ShownTab[] {
		const folder = this.#folder;
		const view = folder?.view;
		const unread = view === undefined || view === 'drafts' ? 0 : this.#desk.reads.counter(view).unread;
		const list: ShownTab = {
			key: home,
			title: t(folder?.label ?? 'folder.inbox'),
			icon: folder?.icon ?? Mail,
			count: unread,
			isDraft: false,
			closable: false
		};
		return [list, ...this.#workspace.tabs.map((tab) => this.#shownTab(tab))];
	}

	/** The address changed: a draft or a message of its own opens a tab, anything else is the list. */
	arrive(path: string, params: Readonly<Record<string, string | undefined>>): void {
		const folder = folderNamed(params['folder']);
		const { draft, arrival } = params;
		if (folder !== undefined) {
			this.#current = null;
			this.#folder = folder;
			this.#homePath = path;
		} else if (isId(draft)) {
			this.#open({ kind: 'draft', id: draft as DocumentId });
		} else if (arrival !== undefined && Number.isSafeInteger(Number(arrival))) {
			this.#open({ kind: 'message', arrival: Number(arrival) });
		}
		if (this.#walkedTo !== this.current) this.#walkedTo = null;
	}

	/** Shows a tab; the focus stays where it is when walking along the tabs with keys. */
	select(key: string, walking: boolean): void {
		const tab = this.#workspace.tabs.find((other) => tabKey(other) === key);
		void this.#go(tab ?? null, walking);
	}

	/** Closes a tab; where it was on the screen, its neighbour takes its place. */
	close(key: string, walking: boolean): void {
		const tab = this.#workspace.tabs.find((other) => tabKey(other) === key);
		if (tab === undefined) return;
		const wasCurrent = this.current === key;
		const next = this.#close(tab);
		if (wasCurrent) void this.#go(next, walking);
	}

	/** Closes the tab on the screen and returns to the list, the focus too. */
	async leave(): Promise<void> {
		const tab = this.#current;
		if (tab !== null) this.#close(tab);
		await this.#go(null, false);
		afterPaint(focusMail);
	}

	/** Closes the tabs of drafts that were sent or discarded; the one on the screen says so itself. */
	tidy(): void {
		this.#followDrafts();
		this.#workspace.keepOnly(
			(tab) => tab.kind !== 'draft' || tabKey(tab) === this.current || this.#isStillWritten(tab.id)
		);
	}

	/** A draft that was never seen may only not be loaded yet; one that was seen and is gone was discarded. */
	#isStillWritten(id: DocumentId): boolean {
		const row = this.#desk.session.drafts.row(id);
		if (row === undefined) return !this.#seenDrafts.has(id);
		this.#seenDrafts.add(id);
		return !row.sending;
	}

	#close(tab: WorkspaceTab): WorkspaceTab | null {
		if (tab.kind === 'draft') void this.#discardUntouched(tab.id);
		return this.#workspace.close(tab);
	}

	async #discardUntouched(id: DocumentId): Promise<void> {
		const { discardUntouched } = await import('#lib/mail/composer/untouched.ts');
		await discardUntouched(this.#desk.session.drafts, id);
	}

	#open(tab: WorkspaceTab): void {
		this.#current = tab;
		this.#workspace.open(tab);
	}

	#go(tab: WorkspaceTab | null, walking: boolean): Promise<void> {
		this.#walkedTo = walking ? keyOf(tab) : null;
		// eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved, or the list's as it was left
		return goto(this.#pathOf(tab), { reset: !walking });
	}

	#pathOf(tab: WorkspaceTab | null): string {
		if (tab === null) return this.#homePath;
		return tab.kind === 'draft'
			? resolve('/(app)/compose/[draft]', { draft: tab.id })
			: resolve('/(app)/message/[arrival]', { arrival: `${tab.arrival}` });
	}

	#shownTab(tab: WorkspaceTab): ShownTab {
		const shared = { key: tabKey(tab), count: 0, closable: true };
		if (tab.kind === 'message') {
			const subject = this.#desk.reads.row(tab.arrival)?.summary.subject;
			return { ...shared, icon: Mail, isDraft: false, title: subject || t('message.noSubject') };
		}
		this.#followDrafts();
		const subject = this.#desk.session.drafts.row(tab.id)?.subject ?? '';
		const title = subject === '' ? t('tabs.newDraft') : t('tabs.draft', { subject });
		return { ...shared, icon: SquarePen, isDraft: true, title };
	}
}

/** The tabs, for the pages that leave theirs. */
export const [frameTabs, provideFrameTabs] = createContext<FrameTabs>();
