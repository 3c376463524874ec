import * as v from 'valibot';
import type { AttachmentId } from '#schema/ids.ts';
import type { Channel, OpenChannel } from '../platform/channel.ts';
import type { ConnectivityState, ServerLink } from './connectivity.ts';
import { liveNoticeKinds, type LiveNotice } from './drafts/live-tabs.ts';
import type { Altered } from './log/confirm.ts';

/** What a tab tells the others of its replica: what to read again from storage. */
export type TabNotice =
	| { readonly kind: 'confirmed'; readonly altered: Altered }
	/** Pending changes by key that were written, and those they replace. */
	| { readonly kind: 'pending'; readonly added: readonly number[]; readonly dropped: readonly number[] }
	/** Everything may be different. */
	| { readonly kind: 'reset' }
	| { readonly kind: 'outbox' }
	| { readonly kind: 'attachments' }
	| { readonly kind: 'refusals' }
	/** How far an upload is, from the tab that leads; undefined when it ended. */
	| { readonly kind: 'progress'; readonly attachment: AttachmentId; readonly sent: number | undefined }
	/** From the tab that leads. */
	| {
			readonly kind: 'connectivity';
			readonly state: ConnectivityState;
			/** Absent where the tab is of an earlier version. */
			readonly server?: ServerLink;
	  }
	/** A new tab asks the one that leads how things stand. */
	| { readonly kind: 'asked' }
	/** To the tab that leads: connect now, or ask the server. */
	| { readonly kind: 'retry' }
	/** From the tab that leads: the server answered. */
	| { readonly kind: 'answered' }
	| { readonly kind: 'signed-out' }
	| LiveNotice;

/** The other tabs are this same app, at most of another version: the kind decides whether it is understood. */
const tabNotice = v.looseObject({
	kind: v.picklist([
		'confirmed',
		'pending',
		'reset',
		'outbox',
		'attachments',
		'refusals',
		'progress',
		'connectivity',
		'asked',
		'retry',
		'answered',
		'signed-out',
		...liveNoticeKinds
	])
});

export interface Tabs {
	tell(notice: TabNotice): void;
	close(): void;
}

/** Joins the tabs of this replica. Every notice of another tab comes in the order in which it told it. */
export function joinTabs(open: OpenChannel, name: string, heard: (notice: TabNotice) => void): Tabs {
	const channel: Channel = open(name, (message) => {
		if (v.is(tabNotice, message)) heard(message as TabNotice);
	});
	return {
		tell: (notice) => channel.post(notice),
		close: () => channel.close()
	};
}
