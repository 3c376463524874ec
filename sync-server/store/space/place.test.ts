import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pack } from '#schema/space/entry.ts';
import { delivery, openTrialSpace, parsedLetter, type TrialSpace } from '../trial/space.ts';
import type { BlobHash } from '../blobs/blob-store.ts';

let space: TrialSpace;
beforeEach(async () => {
	space = await openTrialSpace();
});
afterEach(() => space.close());

async function threads(): Promise<Record<number, number>> {
	const pack = (await space.file.call('pack', { before: 100, count: 100 })) as Pack;
	return Object.fromEntries(pack.messages.map(({ arrival, thread }) => [arrival, thread]));
}

const withId = (messageId: string, references: string[] = []) => ({
	parsed: parsedLetter({ messageId, references })
});

describe('place', () => {
	it('[S20] numbers messages from 0, one entry each, and tells it after the commit', async () => {
		expect(await space.file.call('place', delivery(1))).toEqual({ arrival: 0, repeated: false });
		expect(await space.file.call('place', delivery(2))).toEqual({ arrival: 1, repeated: false });
		expect(space.heard.map(({ seq, origin }) => [seq, origin])).toEqual([
			[1, 'peer'],
			[2, 'peer']
		]);
		const [change] = space.heard[1]!.changes;
		expect(change).toMatchObject({ kind: 'arrived', message: { arrival: 1, mailbox: 'inbox', thread: 1 } });
	});

	it('[S20] places a delivery to a recipient once, however often it comes', async () => {
		await space.file.call('place', delivery(1));
		expect(await space.file.call('place', delivery(1))).toEqual({ arrival: 0, repeated: true });
		const other = delivery(1, { recipient: 'mei@example.org' });
		expect(await space.file.call('place', other)).toEqual({ arrival: 1, repeated: false });
		expect(space.heard).toHaveLength(2);
	});

	it('[S20] gives back bytes and content exactly', async () => {
		const bytes = new Uint8Array([0, 255, 10, 13, 0]);
		const content = {
			text: 'nul \0 inside',
			html: '<p>\uFFFF🦢</p>',
			parts: [],
			defects: [],
			parser: 1
		} as const;
		const parsed = { ...parsedLetter({}, 'nul \0 too'), content };
		await space.file.call('place', delivery(1, { parsed, body: { kind: 'inline', bytes } }));
		const found = await space.file.call('message', { arrival: 0 });
		expect(found?.body).toEqual({ kind: 'inline', bytes });
		expect(found?.content).toEqual(content);
		expect(await space.file.call('message', { id: found!.id })).toEqual(found);
		expect(await space.file.call('contents', { arrivals: [0, 5] })).toEqual([{ arrival: 0, content }]);
		const pack = (await space.file.call('pack', { before: 1, count: 1 })) as Pack;
		expect(pack.messages[0]?.summary.subject).toBe('nul \0 too');
	});

	it('[S31] refers to a blob and names it to the collector', async () => {
		const hash = 'ab'.repeat(32) as BlobHash;
		await space.file.call('place', delivery(1, { body: { kind: 'blob', hash, size: 70_000 } }));
		expect((await space.file.call('message', { arrival: 0 }))?.body).toEqual({
			kind: 'blob',
			hash,
			size: 70_000
		});
		expect(await space.file.call('blob-references', { after: '', limit: 10 })).toEqual([
			{ organisation: 'org', hash }
		]);
		expect(await space.file.call('blob-references', { after: hash, limit: 10 })).toEqual([]);
	});

	it('[S20] answers a part by its section', async () => {
		const letter = parsedLetter();
		const part = {
			section: '2',
			type: 'image/png',
			filename: 'a.png',
			size: 3,
			disposition: 'attachment',
			contentId: null
		};
		const parsed = { ...letter, content: { ...letter.content, parts: [part as never] } };
		await space.file.call('place', delivery(1, { parsed }));
		expect((await space.file.call('part', { arrival: 0, section: '2' }))?.part).toEqual(part);
		expect(await space.file.call('part', { arrival: 0, section: '3' })).toBeNull();
		expect(await space.file.call('part', { arrival: 9, section: '2' })).toBeNull();
	});
});

describe('a full disk', () => {
	it('[S4] refuses what does not fit, keeps what was there, and takes more when there is room', async () => {
		await space.close();
		space = await openTrialSpace({ limits: { space: { maxPages: 120 } } });
		const body = { kind: 'inline', bytes: new Uint8Array(50_000) } as const;
		let placed = 0;
		const fill = async () => {
			for (;;) {
				await space.file.call('place', delivery(placed, { body }));
				placed += 1;
			}
		};
		await expect(fill()).rejects.toMatchObject({ kind: 'full' });
		expect(placed).toBeGreaterThan(0);
		expect(space.heard).toHaveLength(placed);
		expect(await space.file.call('message', { arrival: placed - 1 })).toMatchObject({ arrival: placed - 1 });
		expect(await space.file.call('message', { arrival: placed })).toBeNull();
		const small = delivery(placed, { body: { kind: 'inline', bytes: new Uint8Array(10) } });
		expect(await space.file.call('place', small)).toEqual({ arrival: placed, repeated: false });
	});
});

describe('threads', () => {
	it('[S21] joins an answer to what it answers, also when the answer comes first', async () => {
		await space.file.call('place', delivery(1, withId('b', ['a'])));
		await space.file.call('place', delivery(2));
		await space.file.call('place', delivery(3, withId('a')));
		expect(await threads()).toEqual({ 0: 0, 1: 1, 2: 0 });
	});

	it('[S21] makes threads one when a message belongs to several, and logs it', async () => {
		await space.file.call('place', delivery(1, withId('a')));
		await space.file.call('place', delivery(2, withId('b')));
		await space.file.call('place', delivery(3, withId('b2', ['b'])));
		await space.file.call('place', delivery(4, withId('c', ['b', 'a'])));
		expect(await threads()).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0 });
		expect(space.heard.at(-1)?.changes[1]).toEqual({ kind: 'joined', into: 0, from: [1] });
	});

	it('[S21] joins a reply by its base subject', async () => {
		await space.file.call('place', delivery(1));
		await space.file.call(
			'place',
			delivery(2, { parsed: parsedLetter({ isReply: true, baseSubject: 'lunch' }) })
		);
		await space.file.call('place', delivery(3, { parsed: parsedLetter({ baseSubject: 'lunch' }) }));
		expect(await threads()).toEqual({ 0: 0, 1: 0, 2: 2 });
	});
});
