import { t } from '#lib/i18n/messages.svelte.ts';
import { commandKeys, commandNames } from './command-keys.ts';
import { lookOf } from './command-looks.ts';
import type { FolderName } from './folders.ts';
import type { SelectKind } from './list/mail-list.svelte.ts';
import { folderKeys, selectKeys } from './mail-keys.ts';

/** The map of the keyboard, by what people want to do. */
export function keyboardGroups(): { label: string; entries: { keys: string; label: string }[] }[] {
	const commands = commandNames.flatMap((name) => {
		const keys = commandKeys[name];
		return keys === null ? [] : [{ keys, label: t(lookOf(name).label) }];
	});
	return [
		{
			label: t('keyboard.moving'),
			entries: [
				{ keys: 'j', label: t('key.next') },
				{ keys: 'k', label: t('key.previous') },
				{ keys: 'Enter', label: t('key.open') },
				{ keys: 'u', label: t('key.back') },
				{ keys: '[Shift]+?', label: t('key.map') }
			]
		},
		{ label: t('keyboard.acting'), entries: [...commands, { keys: '$mod+z', label: t('key.undo') }] },
		{
			label: t('keyboard.selecting'),
			entries: [
				{ keys: 'x', label: t('key.select') },
				...Object.entries(selectKeys).map(([kind, keys]) => ({
					keys,
					label: t(`select.${kind as SelectKind}`)
				}))
			]
		},
		{
			label: t('keyboard.going'),
			entries: Object.entries(folderKeys).map(([name, keys]) => ({
				keys,
				label: t(`folder.${name as FolderName}`)
			}))
		},
		{
			label: t('keyboard.writing'),
			entries: [
				{ keys: 'c', label: t('key.compose') },
				{ keys: '$mod+Enter', label: t('key.send') }
			]
		}
	];
}
