/** The languages a screen can be in. */
export type Language = 'en' | 'zh';

/** What the screen calls things, as the page models look for them; the product has its own catalogues. */
export interface Words {
	readonly signIn: string;
	readonly address: string;
	readonly password: string;
	readonly rememberAddress: string;
	readonly publicComputer: string;
	readonly wrongPassword: string;
	readonly compose: string;
	readonly folders: Readonly<Record<FolderWord, string>>;
	readonly commands: Readonly<Record<CommandWord, string>>;
	readonly marks: Readonly<Record<MarkWord, RegExp>>;
	readonly selectionBar: RegExp;
	readonly letterPane: string;
	readonly letterActions: string;
	readonly back: string;
	readonly composer: string;
	readonly fields: Readonly<Record<'to' | 'cc' | 'bcc' | 'subject', string>>;
	readonly body: string;
	readonly formats: Readonly<Record<'bold' | 'italic' | 'bullets', string>>;
	readonly attach: string;
	readonly savedOnServer: RegExp;
	readonly savedHere: RegExp;
	readonly send: string;
	readonly discardDraft: string;
	readonly undo: string;
	readonly callBack: string;
	readonly noSubject: string;
}

export type FolderWord = 'inbox' | 'important' | 'followup' | 'done' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash';

export type CommandWord =
	| 'reply'
	| 'replyAll'
	| 'forward'
	| 'star'
	| 'unstar'
	| 'flag'
	| 'unflag'
	| 'done'
	| 'undone'
	| 'read'
	| 'unread'
	| 'move'
	| 'delete'
	| 'purge';

export type MarkWord = 'unread' | 'starred' | 'flagged' | 'done' | 'answered' | 'forwarded' | 'attachment';
