import { chinese } from './chinese-words.ts';
import { english } from './english-words.ts';

/** The languages a screen can be in. */
export type Language = 'en' | 'zh';

export type FolderWord =
	'inbox' | 'important' | 'followup' | 'done' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash';

export type CommandWord =
	| 'reply'
	| 'replyAll'
	| 'forward'
	| 'star'
	| 'unstar'
	| 'flag'
	| 'unflag'
	| 'done'
	| 'read'
	| 'unread'
	| 'move'
	| 'junk'
	| 'delete'
	| 'purge';

/** What a row says of itself. */
export type MarkWord = 'unread' | 'starred' | 'flagged' | 'done' | 'answered' | 'forwarded' | 'attachment';

/** How this device stands to its server. */
export type LinkWord =
	'synced' | 'syncing' | 'offline' | 'signedOut' | 'attention' | 'outdated' | 'serverFull';

export type FieldWord = 'to' | 'cc' | 'bcc';

/** What the screen calls things, as the page models look for them; the product has catalogues of its own. */
export interface Words {
	readonly signIn: string;
	readonly address: string;
	readonly password: string;
	readonly rememberAddress: string;
	readonly publicComputer: string;
	readonly signInAgain: string;
	readonly sessionExpired: string;
	readonly partMissing: string;
	readonly updateReady: string;
	readonly reload: string;
	readonly personMenu: RegExp;
	readonly language: string;
	readonly appearance: string;
	readonly modes: Readonly<Record<'light' | 'dark', string>>;
	readonly signOut: string;
	readonly signOutTitle: string;
	readonly confirmSignOut: string;
	readonly confirmSignOutWithLoss: string;
	readonly foldersPanel: string;
	readonly openFolders: string;
	readonly compose: string;
	readonly folders: Readonly<Record<FolderWord, string>>;
	readonly emptyInbox: string;
	readonly unreadOf: (unread: number, total: number) => string;
	readonly tabs: string;
	readonly closeTab: string;
	readonly allTabs: string;
	readonly keyboardMap: string;
	readonly notices: string;
	readonly undo: string;
	readonly undone: string;
	readonly nothingToUndo: string;
	readonly callBack: string;
	readonly sendNow: string;
	readonly countdown: RegExp;
	readonly cancel: string;
	readonly commands: Readonly<Record<CommandWord, string>>;
	readonly marks: Readonly<Record<MarkWord, RegExp>>;
	readonly selectKinds: string;
	readonly kinds: Readonly<Record<'all' | 'unread' | 'read', string>>;
	readonly selectionBar: RegExp;
	readonly threadOf: (count: number) => RegExp;
	readonly today: string;
	readonly nothingToRead: string;
	readonly pickOne: string;
	readonly letterPane: string;
	readonly letterActions: string;
	readonly back: string;
	readonly pictureBlocked: RegExp;
	readonly composer: string;
	readonly fields: Readonly<Record<FieldWord | 'subject', string>>;
	readonly body: string;
	readonly formats: Readonly<Record<'bold' | 'italic' | 'bullets' | 'link', string>>;
	readonly attach: string;
	readonly partMissingYet: string;
	readonly original: Readonly<
		Record<'fetching' | 'notHere' | 'tooLong' | 'attachWhole' | 'leaveOut', string>
	>;
	readonly missingTitle: string;
	readonly withoutMissing: string;
	readonly tryAgain: string;
	readonly textNotHere: string;
	readonly download: (name: string) => string;
	readonly cancelDownload: (name: string) => string;
	readonly fetchAgain: (name: string) => string;
	readonly attachmentReading: string;
	readonly attachmentUploaded: string;
	readonly attachmentRefused: string;
	readonly savedOnServer: RegExp;
	readonly savedHere: RegExp;
	readonly send: string;
	readonly showQuote: string;
	readonly discardDraft: string;
	readonly draftMissing: string;
	readonly link: Readonly<Record<LinkWord, RegExp>>;
	readonly receive: string;
	readonly upToDate: string;
	readonly unreached: string;
	readonly outboxLetter: (subject: string) => string;
	readonly waiting: string;
	readonly sentLater: string;
	readonly uploading: string;
	readonly held: RegExp;
	readonly delivered: string;
	readonly fateUnknown: string;
	readonly sendAgain: string;
	readonly alreadySent: string;
	readonly pendingMove: (folder: FolderWord) => string;
	readonly pendingStar: string;
}

/** The words of a language. */
export function wordsOf(language: Language): Words {
	return language === 'zh' ? chinese : english;
}
