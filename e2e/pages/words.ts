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
export type LinkWord = 'synced' | 'syncing' | 'offline' | 'signedOut' | 'attention';

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
	readonly keyboardMap: string;
	readonly notices: string;
	readonly undo: string;
	readonly callBack: string;
	readonly cancel: string;
	readonly commands: Readonly<Record<CommandWord, string>>;
	readonly marks: Readonly<Record<MarkWord, RegExp>>;
	readonly selectKinds: string;
	readonly kinds: Readonly<Record<'all' | 'unread' | 'read', string>>;
	readonly selectionBar: RegExp;
	readonly letterPane: string;
	readonly letterActions: string;
	readonly back: string;
	readonly pictureBlocked: RegExp;
	readonly composer: string;
	readonly fields: Readonly<Record<FieldWord | 'subject', string>>;
	readonly body: string;
	readonly formats: Readonly<Record<'bold' | 'italic' | 'bullets', string>>;
	readonly attach: string;
	readonly attachmentUploaded: string;
	readonly attachmentRefused: string;
	readonly savedOnServer: RegExp;
	readonly savedHere: RegExp;
	readonly send: string;
	readonly showQuote: string;
	readonly discardDraft: string;
	readonly link: Readonly<Record<LinkWord, RegExp>>;
	readonly receive: string;
	readonly outboxLetter: (subject: string) => string;
	readonly waiting: string;
	readonly uploading: string;
	readonly held: RegExp;
	readonly delivered: string;
	readonly alreadySent: string;
	readonly pendingMove: (folder: FolderWord) => string;
	readonly pendingStar: string;
}

const english: Words = {
	signIn: 'Sign in',
	address: 'Email address',
	password: 'Password',
	rememberAddress: 'Remember my address',
	publicComputer: 'Public computer',
	signInAgain: 'Sign in again',
	sessionExpired: 'Your session expired',
	partMissing: 'A part of the app could not be loaded',
	updateReady: 'A new version is ready',
	reload: 'Reload',
	personMenu: /^Menu of /,
	language: 'Language',
	appearance: 'Appearance',
	modes: { light: 'Light', dark: 'Dark' },
	signOut: 'Sign out',
	signOutTitle: 'Sign out and clear this device',
	confirmSignOut: 'Sign out and clear',
	confirmSignOutWithLoss: 'Sign out and lose this',
	foldersPanel: 'Folders',
	openFolders: 'Open folders',
	compose: 'Compose',
	folders: {
		inbox: 'Inbox',
		important: 'Important',
		followup: 'Follow-up',
		done: 'Done',
		drafts: 'Drafts',
		sent: 'Sent',
		archive: 'Archive',
		junk: 'Junk',
		trash: 'Deleted'
	},
	emptyInbox: 'Nothing waits in the inbox',
	unreadOf: (unread, total) => `${unread} unread of ${total}`,
	tabs: 'Open tabs',
	closeTab: 'Close',
	keyboardMap: 'Keyboard shortcuts',
	notices: 'Notices',
	undo: 'Undo',
	callBack: 'Undo send',
	cancel: 'Cancel',
	commands: {
		reply: 'Reply',
		replyAll: 'Reply all',
		forward: 'Forward',
		star: 'Mark as important',
		unstar: 'Not important',
		flag: 'Follow up',
		unflag: 'Stop following up',
		done: 'Mark as done',
		read: 'Mark as read',
		unread: 'Mark as unread',
		move: 'Move to',
		junk: 'Report junk',
		delete: 'Delete',
		purge: 'Delete permanently'
	},
	marks: {
		unread: /^Unread, /,
		starred: /, important\b/,
		flagged: /, to follow up\b/,
		done: /, done\b/,
		answered: /, answered\b/,
		forwarded: /, forwarded\b/,
		attachment: /, \d+ attachments?$/
	},
	selectKinds: 'Select',
	kinds: { all: 'All', unread: 'Unread', read: 'Read' },
	selectionBar: /^Actions for \d+ messages?$/,
	letterPane: 'Message',
	letterActions: 'Message actions',
	back: 'Back to the list',
	pictureBlocked: /remote pictures? blocked/,
	composer: 'Letter',
	fields: { to: 'To', cc: 'Cc', bcc: 'Bcc', subject: 'Subject' },
	body: 'Text',
	formats: { bold: 'Bold', italic: 'Italic', bullets: 'Bullets' },
	attach: 'Attach files',
	attachmentUploaded: 'uploaded',
	attachmentRefused: 'was not attached',
	savedOnServer: /Saved on the server/,
	savedHere: /Saved on this device/,
	send: 'Send',
	showQuote: 'Show quote',
	discardDraft: 'Discard draft',
	link: {
		synced: /^Synced/,
		syncing: /^Syncing/,
		offline: /^Offline/,
		signedOut: /^Session expired/,
		attention: /needs? you/
	},
	receive: 'Receive mail',
	outboxLetter: (subject) => `Letter: ${subject}`,
	waiting: 'On this device only',
	uploading: 'Uploading attachments',
	held: /can be called back until/,
	delivered: 'Accepted by the recipients’ servers',
	alreadySent: 'This letter was sent from another device.',
	pendingMove: (folder) => `Move 1 message to ${english.folders[folder]}`,
	pendingStar: 'Mark 1 message as important'
};

const chinese: Words = {
	signIn: '登录',
	address: '邮箱地址',
	password: '密码',
	rememberAddress: '记住我的地址',
	publicComputer: '公用电脑',
	signInAgain: '重新登录',
	sessionExpired: '登录已过期',
	partMissing: '应用有一部分没能载入',
	updateReady: '新版本已经备好',
	reload: '重新载入',
	personMenu: / 的菜单$/,
	language: '语言',
	appearance: '外观',
	modes: { light: '浅色', dark: '深色' },
	signOut: '退出登录',
	signOutTitle: '退出登录并清空本机',
	confirmSignOut: '退出并清空本机',
	confirmSignOutWithLoss: '仍然退出，放弃这些内容',
	foldersPanel: '文件夹',
	openFolders: '打开文件夹面板',
	compose: '写信',
	folders: {
		inbox: '收件箱',
		important: '重要邮件',
		followup: '跟进事项',
		done: '完成事项',
		drafts: '草稿箱',
		sent: '已发送',
		archive: '归档',
		junk: '垃圾邮件',
		trash: '已删除'
	},
	emptyInbox: '没有待处理的邮件',
	unreadOf: (unread, total) => `${unread} 封未读 · 共 ${total} 封`,
	tabs: '打开的标签页',
	closeTab: '关闭',
	keyboardMap: '键盘快捷键',
	notices: '通知',
	undo: '撤销',
	callBack: '撤销发送',
	cancel: '取消',
	commands: {
		reply: '回复',
		replyAll: '全部回复',
		forward: '转发',
		star: '标为重要',
		unstar: '取消重要',
		flag: '标为跟进',
		unflag: '取消跟进',
		done: '标为完成',
		read: '标为已读',
		unread: '标为未读',
		move: '移动到',
		junk: '举报垃圾邮件',
		delete: '删除',
		purge: '彻底删除'
	},
	marks: {
		unread: /^未读、/,
		starred: /、重要/,
		flagged: /、跟进/,
		done: /、已完成/,
		answered: /、已回复/,
		forwarded: /、已转发/,
		attachment: /、\d+ 个附件$/
	},
	selectKinds: '选择',
	kinds: { all: '全部邮件', unread: '未读邮件', read: '已读邮件' },
	selectionBar: /^已选 \d+ 封，可用的操作$/,
	letterPane: '邮件正文',
	letterActions: '邮件操作',
	back: '返回列表',
	pictureBlocked: /已阻止 \d+ 处远程图片/,
	composer: '写信',
	fields: { to: '收件人', cc: '抄送', bcc: '密送', subject: '主题' },
	body: '正文',
	formats: { bold: '加粗', italic: '斜体', bullets: '项目符号' },
	attach: '添加附件',
	attachmentUploaded: '已上传',
	attachmentRefused: '没有添加',
	savedOnServer: /已存到服务器/,
	savedHere: /已存在本机/,
	send: '发送',
	showQuote: '展开引用',
	discardDraft: '丢弃草稿',
	link: {
		synced: /^已同步/,
		syncing: /^正在同步/,
		offline: /^离线/,
		signedOut: /^登录已过期/,
		attention: /^需要处理/
	},
	receive: '收信',
	outboxLetter: (subject) => `发信：${subject}`,
	waiting: '仅在本机，联网后自动发出',
	uploading: '正在上传附件',
	held: /前可以撤销/,
	delivered: '对方服务器已签收',
	alreadySent: '这封信已从另一台设备发出。',
	pendingMove: (folder) => `移动 1 封到「${chinese.folders[folder]}」`,
	pendingStar: '标为重要 1 封'
};

/** The words of a language. */
export function wordsOf(language: Language): Words {
	return language === 'zh' ? chinese : english;
}
