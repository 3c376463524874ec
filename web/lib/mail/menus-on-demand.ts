import { openContextMenu, openMenu } from '#lib/ui/menus.svelte.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { CommandName } from './command-keys.ts';
import type { MailDesk, Target } from './mail-desk.svelte.ts';

/** The menus of messages are fetched with the first one that opens; the list does not wait for them. */
const menus = () => import('./message-menu.ts');

/** Opens the menu of messages beside the button that was pressed. */
export async function showMessageMenu(
	desk: MailDesk,
	target: Target,
	{ currentTarget: button }: MouseEvent
): Promise<void> {
	if (!(button instanceof HTMLElement)) return;
	const { messageMenu } = await menus();
	openMenu(button, t('message.actions'), messageMenu(desk, target, button), 'below-end');
}

/** Opens the menu of messages where the pointer is. */
export async function showContextMenu(
	desk: MailDesk,
	target: Target,
	event: MouseEvent,
	row: HTMLElement
): Promise<void> {
	event.preventDefault();
	const { messageMenu } = await menus();
	openContextMenu(event, row, t('message.actions'), messageMenu(desk, target, row));
}

/** Carries out the command of the button that was pressed; moving asks where to, beside it. */
export async function runPressed(
	desk: MailDesk,
	name: CommandName,
	target: Target,
	{ currentTarget: button }: MouseEvent
): Promise<void> {
	if (name !== 'move') await desk.run(name, target);
	else if (button instanceof HTMLElement) await showMoveMenu(desk, target, button);
}

/** Asks where to move messages. */
export async function showMoveMenu(desk: MailDesk, target: Target, beside: HTMLElement): Promise<void> {
	const { askWhereTo } = await menus();
	askWhereTo(desk, target, beside);
}
