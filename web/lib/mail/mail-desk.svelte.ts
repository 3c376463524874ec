import { createContext } from 'svelte';
import type { DocumentId, MailboxId } from '#schema/ids.ts';
import { systemMailbox, type KeywordView, type MailboxRole } from '#schema/mail/mailbox.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { MailProjection, MessageState } from '#lib/projection/mail-projection.ts';
import type { Session } from '#lib/session/session.ts';
import { ask } from '#lib/ui/questions.svelte.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import type { CommandName } from './command-keys.ts';
import type { AnswerKind } from './composer/reply.ts';
import type { Folder, FolderName } from './folders.ts';
import { MailActions } from './mail-actions.ts';
import { MailReads } from './mail-reads.ts';

/** Where the mail screens lead; the routes say how. */
export interface Places {
	folder(name: FolderName): void;
	message(folder: FolderName, arrival: number): void;
	messageTab(arrival: number): void;
	draft(id: DocumentId): void;
}

/** What the commands are about, and where they were given. */
export interface Target {
	readonly arrivals: ReadonlySet<number>;
	/** The folder on the screen; null in a tab of its own. */
	readonly folder: Folder | null;
}

const markCommands = {
	star: { keyword: '$important', field: 'important' },
	flag: { keyword: '$flagged', field: 'flagged' },
	done: { keyword: '$done', field: 'done' }
} as const;

/** At most so many messages are looked at before a command is offered. */
const lookedAt = 1_000;

type MarkCommand = keyof typeof markCommands;

/** Everything the mail screens share: what to read, what to do, where to go. */
export class MailDesk {
	readonly session: Session<MailProjection>;
	readonly reads: MailReads;
	readonly actions: MailActions;
	readonly places: Places;
	/**
	 * Told before messages leave the folder on the screen, while their place in it is still known; what it
	 * answers is called when they have left.
	 */
	onLeaving: ((arrivals: ReadonlySet<number>) => () => void) | null = null;
	/** Whether this device has heard what there is: until then an empty list says nothing. */
	#settled = $state(false);
	/** Answers that are being started, by kind and message. */
	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen shows it
	readonly #answering = new Set<string>();
	/** The letter sent last, and the step that was the latest then. */
	#sent: { readonly after: unknown; readonly letter: { callBack(): boolean } } | undefined;
	readonly #toasts: Toasts;

	constructor(session: Session<MailProjection>, places: Places, toasts: Toasts) {
		this.session = session;
		this.places = places;
		this.#toasts = toasts;
		this.reads = new MailReads(session.mail);
		this.actions = new MailActions(session.replica, toasts);
	}

	/** False until the first words of the server, or of its absence; then true for good. */
	get settled(): boolean {
		return this.#settled;
	}

	/** Listens until it is known whether there is mail; returns the end of listening. */
	watchUntilSettled(): () => void {
		const { connectivity } = this.session;
		const look = () => {
			const state = connectivity.state();
			const isBeginning = state.kind === 'syncing' || (state.kind === 'offline' && state.lastSync === null);
			if (!isBeginning) this.#settled = true;
		};
		look();
		return connectivity.subscribe(look);
	}

	/** Whether every message of the set has what a mark command sets: then the command takes it back. */
	allHave(arrivals: ReadonlySet<number>, command: MarkCommand): boolean {
		const { field } = markCommands[command];
		return this.#every(arrivals, (state) => state[field]);
	}

	/** Whether every message of the set was read: then the command makes them unread. */
	allRead(arrivals: ReadonlySet<number>): boolean {
		return this.#every(arrivals, ({ seen }) => seen);
	}

	/** The commands that make sense for a set of messages, in the order of the menu. */
	commandsFor({ arrivals, folder }: Target): readonly CommandName[][] {
		const single = arrivals.size === 1;
		const isIn = (role: MailboxRole) =>
			folder?.name === role || this.#every(arrivals, ({ mailbox }) => mailbox === systemMailbox(role));
		const answering: CommandName[] = single ? ['reply', 'reply-all', 'forward'] : [];
		const filing: CommandName[] =
			isIn('trash') || isIn('archive') ? ['restore', 'move'] : ['archive', 'move'];
		const junk: CommandName = isIn('junk') ? 'not-junk' : 'junk';
		const removing: CommandName[] = isIn('trash') ? ['purge'] : isIn('sent') ? ['delete'] : [junk, 'delete'];
		const lookingAt: CommandName[] = single
			? folder === null
				? ['download']
				: ['open-tab', 'download']
			: [];
		const marking: CommandName[] = [this.allRead(arrivals) ? 'unread' : 'read', 'star', 'flag', 'done'];
		return [answering, marking, filing, removing, lookingAt].filter((group) => group.length > 0);
	}

	/** Carries a command out. Moving asks where first, so it is not one of these. */
	async run(name: Exclude<CommandName, 'move'>, { arrivals }: Target): Promise<void> {
		const [first] = arrivals;
		if (first === undefined) return;
		switch (name) {
			case 'reply':
			case 'reply-all':
			case 'forward':
				return this.answer(first, name);
			case 'open-tab':
				this.places.messageTab(first);
				return;
			case 'star':
			case 'flag':
			case 'done':
				return this.#toggleMark(arrivals, name);
			case 'read':
			case 'unread':
				return this.#markSeen(arrivals, name === 'read');
			case 'archive':
				return this.move(arrivals, systemMailbox('archive'));
			case 'junk':
				return this.move(arrivals, systemMailbox('junk'));
			case 'not-junk':
			case 'restore':
				return this.move(arrivals, systemMailbox('inbox'));
			case 'delete':
				return this.#leave(arrivals, () => this.actions.delete(arrivals));
			case 'purge':
				return this.purge(arrivals);
			case 'download':
				this.#download(first);
		}
	}

	/** Moves messages, and goes on to the next one where the open one went. */
	move(arrivals: ReadonlySet<number>, mailbox: MailboxId): Promise<void> {
		return this.#leave(arrivals, () => this.actions.move(arrivals, mailbox));
	}

	/** Puts messages into a view: important, to follow up, done. */
	mark(arrivals: ReadonlySet<number>, view: KeywordView): Promise<void> {
		const command = ({ important: 'star', followup: 'flag', done: 'done' } as const)[view];
		const { keyword } = markCommands[command];
		return this.actions.markMany(arrivals, keyword, true, (count) => t(`done.${command}`, { count }));
	}

	/** Removes messages for good, after a question. */
	async purge(arrivals: ReadonlySet<number>): Promise<void> {
		const count = arrivals.size;
		const yes = await ask({
			tone: 'danger',
			title: t('purge.title', { count }),
			text: t('purge.text'),
			button: t('purge.button', { count })
		});
		if (!yes) return;
		await this.#leave(arrivals, async () => {
			await this.session.outbox.purge(arrivals);
			this.#toasts.show(t('purge.asked', { count }));
			return true;
		});
	}

	/** A letter was sent; {@link undo} calls it back where nothing was done since. */
	noteSent(letter: { callBack(): boolean }): void {
		this.#sent = { after: this.actions.latest, letter };
	}

	/** Takes back what was done last: calls back the letter that was just sent, or undoes the latest step. */
	async undo(): Promise<void> {
		if (this.#sent?.after === this.actions.latest && this.#sent?.letter.callBack()) return;
		await this.actions.undo();
	}

	/** Starts an answer and opens it; asked for again before it is open, it is the same one. */
	async answer(arrival: number, kind: AnswerKind): Promise<void> {
		const key = `${kind} ${arrival}`;
		if (this.#answering.has(key)) return;
		this.#answering.add(key);
		try {
			const { startAnswer } = await import('./composer/start-draft.ts');
			const draft = await startAnswer(this.session, arrival, kind);
			if (draft !== null) this.places.draft(draft);
		} finally {
			this.#answering.delete(key);
		}
	}

	/** Starts a letter, to somebody where a mail link said whom, and opens it. */
	async compose(to: string | null = null): Promise<void> {
		const { startLetter } = await import('./composer/start-draft.ts');
		this.places.draft(await startLetter(this.session, to));
	}

	/** Takes messages out of the folder on the screen, then goes on to what comes after them. */
	async #leave(arrivals: ReadonlySet<number>, take: () => Promise<boolean>): Promise<void> {
		const goOn = this.onLeaving?.(arrivals);
		if (await take()) goOn?.();
	}

	/** Whether a property holds for all; taken as no for very many, which are not looked at one by one. */
	#every(arrivals: ReadonlySet<number>, has: (state: MessageState) => boolean): boolean {
		if (arrivals.size > lookedAt) return false;
		for (const arrival of arrivals) {
			const state = this.reads.state(arrival);
			if (state === undefined || !has(state)) return false;
		}
		return arrivals.size > 0;
	}

	#toggleMark(arrivals: ReadonlySet<number>, command: MarkCommand): Promise<void> {
		const { keyword } = markCommands[command];
		const value = !this.allHave(arrivals, command);
		if (arrivals.size === 1) return this.actions.mark(arrivals, keyword, value);
		const key = value ? (`done.${command}` as const) : 'done.unmarked';
		return this.actions.markMany(arrivals, keyword, value, (count) => t(key, { count }));
	}

	#markSeen(arrivals: ReadonlySet<number>, seen: boolean): Promise<void> {
		if (arrivals.size === 1) return this.actions.mark(arrivals, '$seen', seen);
		const key = seen ? 'done.read' : 'done.unread';
		return this.actions.markMany(arrivals, '$seen', seen, (count) => t(key, { count }));
	}

	#download(arrival: number): void {
		const { kind } = this.session.connectivity.server();
		if (kind === 'offline' || kind === 'signed-out') {
			this.#toasts.show(t('download.offline'), { tone: 'error' });
			return;
		}
		const link = document.createElement('a');
		link.href = this.session.contents.rawUrl(arrival);
		link.download = '';
		link.click();
	}
}

/** The desk of the signed-in person, for every component below the mail routes. */
export const [mailDesk, provideMailDesk] = createContext<MailDesk>();
