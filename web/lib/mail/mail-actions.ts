import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { MailboxId } from '#schema/ids.ts';
import type { Keyword } from '#schema/mail/mailbox.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import { beneath, type Action, type Replica } from '#lib/replica/replica.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import { folderOfMailbox } from './folders.ts';

/** Something that was done and can be taken back; later steps that were taken back alter how. */
interface Step {
	action: Action;
	/** The toast that told of it. */
	toast?: number;
}

/** At most this many steps back. */
const depth = 50;

/** What people do to messages. Each is done at once on this device, told in a toast, and can be undone. */
export class MailActions {
	readonly #replica: Replica;
	readonly #toasts: Toasts;
	readonly #steps: Step[] = [];
	/** The toast that told of the last step taken back. */
	#toldUndo: number | undefined;
	/** Ends when what was asked for last is written, and can be taken back. */
	#underWay: Promise<unknown> = Promise.resolve();

	constructor(replica: Replica, toasts: Toasts) {
		this.#replica = replica;
		this.#toasts = toasts;
	}

	/** Sets or clears a keyword, without a toast: the rows themselves show it. */
	async mark(arrivals: Iterable<number>, keyword: Keyword, value: boolean): Promise<void> {
		await this.#write(() => this.#replica.writeMessages(arrivals, keyword, value));
	}

	/** Marks a message as read because it was opened; nothing to undo. */
	async markOpened(arrival: number): Promise<void> {
		await this.#guard(() => this.#replica.writeMessages([arrival], '$seen', true));
	}

	/** Sets or clears a keyword of many, and says how many it was. */
	async markMany(
		arrivals: Iterable<number>,
		keyword: Keyword,
		value: boolean,
		text: (count: number) => string
	): Promise<void> {
		const action = await this.#write(() => this.#replica.writeMessages(arrivals, keyword, value));
		if (action !== null && action.count > 0) this.#tell(text(action.count), action);
	}

	/** Puts them into another folder. False where that could not be written. */
	async move(arrivals: Iterable<number>, mailbox: MailboxId): Promise<boolean> {
		const action = await this.#write(() => this.#replica.writeMessages(arrivals, 'mailbox', mailbox));
		if (action === null) return false;
		const folder = folderOfMailbox(mailbox);
		const name = folder === undefined ? mailbox : t(folder.label);
		if (action.count > 0) this.#tell(t('done.moved', { count: action.count, folder: name }), action);
		return true;
	}

	/** Puts them into the trash. False where that could not be written. */
	async delete(arrivals: Iterable<number>): Promise<boolean> {
		const action = await this.#write(() =>
			this.#replica.writeMessages(arrivals, 'mailbox', systemMailbox('trash'))
		);
		if (action === null) return false;
		if (action.count > 0) this.#tell(t('done.deleted', { count: action.count }), action);
		return true;
	}

	/** The latest step that can be taken back; another one is another value. */
	get latest(): unknown {
		return this.#steps.at(-1);
	}

	/** Takes back the latest step, also one that is still being written; says so, or that there is none. */
	async undo(): Promise<void> {
		await this.#underWay;
		const step = this.#steps.at(-1);
		if (step === undefined) this.#toasts.show(t('undo.nothing'));
		else await this.#takeBack(step);
	}

	/**
	 * Takes a step back and says so in place of what was said of it, or that its messages were changed since.
	 * It stays where that fails.
	 */
	async #takeBack(step: Step): Promise<void> {
		const place = this.#steps.indexOf(step);
		if (place === -1) return;
		this.#steps.splice(place, 1);
		const undone = await this.#guard(() => this.#replica.undo(step.action));
		if (undone === null) {
			this.#steps.splice(place, 0, step);
			return;
		}
		for (const earlier of this.#steps.slice(0, place)) {
			earlier.action = beneath(earlier.action, step.action, undone);
		}
		for (const stale of [step.toast, this.#toldUndo]) if (stale !== undefined) this.#toasts.dismiss(stale);
		this.#toldUndo = this.#toasts.show(t(undone.count === 0 ? 'undo.changedSince' : 'undo.done'));
	}

	#write(run: () => Promise<Action>): Promise<Action | null> {
		const writing = this.#writeStep(run);
		// Only the end is waited for here; who asked for the step is told its error.
		this.#underWay = writing.catch(() => undefined);
		return writing;
	}

	async #writeStep(run: () => Promise<Action>): Promise<Action | null> {
		const action = await this.#guard(run);
		if (action !== null && action.count > 0) {
			this.#steps.push({ action });
			if (this.#steps.length > depth) this.#steps.shift();
		}
		return action;
	}

	#tell(text: string, action: Action): void {
		const step = this.#steps.findLast((each) => each.action === action);
		if (step === undefined) return;
		step.toast = this.#toasts.show(text, {
			action: {
				label: t('undo.label'),
				run: () => this.#takeBack(step)
			}
		});
	}

	/** A write that fails changed nothing; the person is told, and told what is safe. */
	async #guard<Result>(run: () => Promise<Result>): Promise<Result | null> {
		try {
			return await run();
		} catch (error) {
			const full = error instanceof Error && 'kind' in error && error.kind === 'full';
			this.#toasts.show(t(full ? 'error.diskFull' : 'error.notSavedHere'), { tone: 'error' });
			if (!full) throw error;
			return null;
		}
	}
}
