import type { Bindings, KeyBinding } from '#lib/ui/key-resolver.ts';
import { commandKeys, commandNames, type CommandName } from './command-keys.ts';
import type { Folder, FolderName } from './folders.ts';
import type { MailList, SelectKind } from './list/mail-list.svelte.ts';
import type { MailDesk } from './mail-desk.svelte.ts';
import { showMoveMenu } from './menus-on-demand.ts';

/** What the keys act on at the moment they are pressed. */
export interface KeyScene {
	readonly desk: MailDesk;
	readonly folder: Folder | null;
	/** The list on the screen; null in a tab of its own. */
	readonly list: MailList | null;
	/** The message that is open. */
	readonly opened: number | null;
	/** Shows another message in place of the opened one, or moves the cursor. */
	step(by: 1 | -1): void;
	open(): void;
	back(): void;
	/** Beside what a menu opens that a key asked for. */
	beside(): HTMLElement | null;
}

/** Keys that lead to a folder, after `g`. */
export const folderKeys: Partial<Record<FolderName, string>> = {
	inbox: 'g i',
	sent: 'g s',
	drafts: 'g d',
	important: 'g t',
	followup: 'g f',
	done: 'g e',
	archive: 'g a',
	trash: 'g #'
};

/** Keys that select messages of a kind, after `*`. */
export const selectKeys: Record<SelectKind, string> = {
	all: '[Shift]+* a',
	unread: '[Shift]+* u',
	read: '[Shift]+* r',
	followup: '[Shift]+* f',
	done: '[Shift]+* d',
	attachments: '[Shift]+* t'
};

/** The messages a key is about: the selection, else the open message, else the one under the cursor. */
function targets({ list, opened }: KeyScene): ReadonlySet<number> {
	if (list !== null && list.selection.size > 0) return list.selection.arrivals;
	const one = opened ?? list?.cursor ?? null;
	return new Set(one === null ? [] : [one]);
}

/** Where the arrows and Enter belong to the list: in it, and where nothing has the focus. */
const listPlaces = 'body, main, [role=grid], [role=row], [role=grid] input';

function isOfList(place: EventTarget | null): boolean {
	return place instanceof Element && place.matches(listPlaces);
}

/**
 * What removes messages depends on the folder: in the trash nothing is left but to remove them for good, and what lies
 * neither there nor in junk is never removed for good at once.
 */
function removalHere(
	name: Exclude<CommandName, 'move'>,
	folder: Folder | null
): Exclude<CommandName, 'move'> {
	const isTrash = folder?.name === 'trash';
	if (name === 'delete' && isTrash) return 'purge';
	return name === 'purge' && !isTrash && folder?.name !== 'junk' ? 'delete' : name;
}

function commandBindings(scene: () => KeyScene): [string, KeyBinding][] {
	return commandNames.flatMap((name): [string, KeyBinding][] => {
		const keys = commandKeys[name];
		if (keys === null) return [];
		const run = () => {
			const now = scene();
			const arrivals = targets(now);
			if (arrivals.size === 0) return;
			const target = { arrivals, folder: now.folder };
			if (name === 'move') {
				const beside = now.beside();
				if (beside !== null) void showMoveMenu(now.desk, target, beside);
				return;
			}
			const needsOne = name === 'reply' || name === 'reply-all' || name === 'forward';
			if (needsOne && arrivals.size !== 1) return;
			void now.desk.run(removalHere(name, now.folder), target);
		};
		return [[keys, { run }]];
	});
}

/** The keys of the mail screens. */
export function mailKeys(scene: () => KeyScene): Bindings {
	const toggle = () => {
		const { list, opened } = scene();
		const one = list?.cursor ?? opened;
		if (list && one !== null) list.selection.toggle(one);
	};
	const extend = () => {
		const { list } = scene();
		if (list && list.cursor !== null) list.selection.extendTo(list.cursor, list.order);
	};
	const back = () => {
		const now = scene();
		if (now.list && now.list.selection.size > 0) now.list.selection.clear();
		else now.back();
	};
	const selects = Object.entries(selectKeys).map(([kind, keys]): [string, KeyBinding] => [
		keys,
		{ run: () => scene().list?.select(kind as SelectKind) }
	]);
	const down: KeyBinding = { repeats: true, run: () => scene().step(1) };
	const up: KeyBinding = { repeats: true, run: () => scene().step(-1) };
	const open: KeyBinding = { run: () => scene().open() };
	// Links and buttons are pressed with Enter, and a letter is scrolled with the arrows.
	const isMeantAt = (place: EventTarget | null) => scene().list !== null && isOfList(place);
	const undo: KeyBinding = { run: () => void scene().desk.undo() };
	return {
		...Object.fromEntries([...commandBindings(scene), ...selects]),
		j: down,
		k: up,
		ArrowDown: { ...down, isMeantAt },
		ArrowUp: { ...up, isMeantAt },
		o: open,
		Enter: { ...open, isMeantAt },
		u: { run: back },
		Escape: { run: back },
		x: { run: toggle },
		'Shift+x': { run: extend },
		z: undo,
		'$mod+z': undo
	};
}

/** Keys that work everywhere in the app. */
export function placeKeys(desk: MailDesk): Bindings {
	const places = Object.entries(folderKeys).map(([name, keys]): [string, KeyBinding] => [
		keys,
		{ run: () => desk.places.folder(name as FolderName) }
	]);
	return { ...Object.fromEntries(places), c: { run: () => void desk.compose() } };
}
