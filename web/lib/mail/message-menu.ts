import { t } from '#lib/i18n/messages.svelte.ts';
import { openMenu, type MenuItem } from '#lib/ui/menus.svelte.ts';
import { commandLabel, keysOf, lookOf } from './command-looks.ts';
import { moveTargets } from './folders.ts';
import type { MailDesk, Target } from './mail-desk.svelte.ts';

/** Asks where to move messages: a menu beside what was pressed, without the folder they lie in. */
export function askWhereTo(desk: MailDesk, { arrivals, folder }: Target, beside: HTMLElement): void {
	const items = moveTargets
		.filter(({ name }) => name !== folder?.name)
		.map((target): MenuItem => ({
			kind: 'action',
			label: t(target.label),
			icon: target.icon,
			run: () => {
				if (typeof target.view !== 'string' && target.view.kind === 'mailbox') {
					void desk.move(arrivals, target.view.mailbox);
				}
			}
		}));
	openMenu(beside, t('command.move'), [{ kind: 'heading', label: t('command.move') }, ...items]);
}

/** The menu of one or more messages: the same commands, labels and keys as everywhere. */
export function messageMenu(desk: MailDesk, target: Target, beside: HTMLElement): MenuItem[] {
	return desk.commandsFor(target).flatMap((group, place) => {
		const items = group.map((name): MenuItem => {
			const look = lookOf(name);
			return {
				kind: 'action',
				label: commandLabel(desk, name, target.arrivals),
				icon: look.icon,
				...keysOf(name),
				...(look.danger === true ? { danger: true } : {}),
				run: () => {
					if (name === 'move') askWhereTo(desk, target, beside);
					else void desk.run(name, target);
				}
			};
		});
		return place === 0 ? items : [{ kind: 'separator' as const }, ...items];
	});
}
