import { openContextMenu, openMenu } from '#lib/ui/menus.svelte.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { MailDesk, Target } from './mail-desk.svelte.ts';

/** The menus of messages are fetched with the first one that opens; the list does not wait for them. */
const menus = () => import('./message-menu.ts');

/** Opens the menu of messages beside a button. */
export async function showMessageMenu(desk: MailDesk, target: Target, beside: HTMLElement): Promise<void> {
	const { messageMenu } = await menus();
	openMenu(beside, t('message.actions'), messageMenu(desk, target, beside), 'below-end');
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

/** Asks where to move messages. */
export async function showMoveMenu(desk: MailDesk, target: Target, beside: HTMLElement): Promise<void> {
	const { askWhereTo } = await menus();
	askWhereTo(desk, target, beside);
}
