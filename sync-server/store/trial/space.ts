import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OrganisationId, PrincipalId, SpaceId } from '#schema/ids.ts';
import type { ThreadKeys } from '#schema/mail/summary.ts';
import type { Entry } from '#schema/space/entry.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { openStoreInProcess, type InProcessOptions } from '../in-process.ts';
import type { ParsedMessage } from '../space/parsed-message.ts';
import { spaceKind, type SpaceKind } from '../space/kind.ts';
import { spacePath } from '../space/path.ts';
import type { JoinThread } from '../space/threads.ts';
import type { Placing } from '../space/place.ts';
import type { Store, StoreFile } from '../store.ts';

/** A space for tests: in process, its clock moved by hand, its chance a count. */

/** Joins by the Message-IDs a message has or refers to; a reply also by its base subject. */
export const joinByIds: JoinThread = (keys, at, known) => {
	const remember = [...keys.references, keys.messageId].filter((id) => id !== '');
	const found: (number | null)[] = remember.map((id) => known.byMessageId(id));
	if (keys.isReply && !found.some((thread) => thread !== null)) {
		found.push(known.byBaseSubject(keys.baseSubject, { from: at - 1e9, to: at + 1e9 }));
	}
	const [first, ...others] = [...new Set(found.filter((thread) => thread !== null))];
	return first === undefined
		? { kind: 'new', remember }
		: { kind: 'join', threads: [first, ...others], remember };
};

export interface TrialSpace {
	readonly store: Store;
	readonly file: StoreFile<SpaceKind>;
	readonly directory: string;
	/** Every entry that was told after a commit, in order. */
	readonly heard: readonly Entry[];
	readonly generation: string;
	/** Sets server time. */
	at(now: number): void;
	close(): Promise<void>;
}

export const trialSpaceId = 'trial-space' as SpaceId;

/** Opens and creates a space in a folder of its own. */
export async function openTrialSpace(
	options: Partial<InProcessOptions> = {},
	quotaBytes?: number
): Promise<TrialSpace> {
	const directory = mkdtempSync(path.join(tmpdir(), 'hongyan-space-'));
	let now = 1_000_000;
	const store = openStoreInProcess([spaceKind(joinByIds)], directory, {
		clock: () => now,
		random: countingRandom(),
		...options
	});
	const heard: Entry[] = [];
	store.subscribe((event) => {
		if (event.kind === 'entries') heard.push(...event.entries);
	});
	const file = store.file<SpaceKind>('space', spacePath(trialSpaceId));
	const owner = { organisation: 'org' as OrganisationId, principal: 'li' as PrincipalId };
	const quota = quotaBytes === undefined ? {} : { quotaBytes };
	const { generation } = await file.call('create', {
		space: trialSpaceId,
		spaceKind: 'mailbox',
		...owner,
		...quota
	});
	return {
		store,
		file,
		directory,
		heard,
		generation,
		at: (time) => {
			now = time;
		},
		close: async () => {
			await store.close();
			rmSync(directory, { recursive: true });
		}
	};
}

/** What the parser might have made of a letter. */
export function parsedLetter(keys: Partial<ThreadKeys> = {}, subject = 'Lunch'): ParsedMessage {
	const threadKeys = {
		messageId: '',
		references: [],
		baseSubject: subject.toLowerCase(),
		isReply: false,
		...keys
	};
	return {
		summary: {
			messageId: threadKeys.messageId,
			from: [{ name: '李雷', address: 'li@example.org' }],
			to: [{ name: '', address: 'han@example.org' }],
			cc: [],
			replyTo: [],
			subject,
			snippet: 'See you at noon',
			sentAt: null,
			size: 4,
			attachments: 0
		},
		threadKeys,
		content: { text: 'See you at noon', html: null, parts: [], defects: [], parser: 1 }
	};
}

/** A delivery into the inbox; each number is another delivery. */
export function delivery(number: number, changes: Partial<Placing> = {}): Placing {
	return {
		envelope: `envelope-${number}` as Placing['envelope'],
		recipient: 'han@example.org',
		receivedAt: 1_000_000 + number,
		mailbox: 'inbox' as Placing['mailbox'],
		keywords: [],
		parsed: parsedLetter(),
		body: { kind: 'inline', bytes: new TextEncoder().encode('mail') },
		...changes
	};
}
