import { closeMenu } from './menus.svelte.ts';
import { dropQuestion } from './questions.svelte.ts';
import { toasts } from './toasts.svelte.ts';

/** Takes away what lies over the screens: they change hands, and nothing of the last person stays. */
export function clearLayers(): void {
	closeMenu();
	dropQuestion();
	toasts.clear();
}
