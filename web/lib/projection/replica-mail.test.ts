import { describe, expect, it } from 'vitest';
import { systemMailbox, type MailboxRole } from '#schema/mail/mailbox.ts';
import type { MessageField } from '#schema/mail/message.ts';
import { writeMessages } from '#lib/replica/changes/actions.ts';
import { receiveEntries } from '#lib/replica/log/receive-entries.ts';
import { receivePack } from '#lib/replica/log/receive-pack.ts';
import { ReplicaCore } from '#lib/replica/replica-core.ts';
import { ReplicaMemory } from '#lib/replica/state/replica-memory.ts';
import { openMemoryStorage } from '#lib/replica/storage/memory.ts';
import { countedBytes, openBench, type BenchOptions } from '#lib/replica/trial/bench.ts';
import {
	arrived,
	generation,
	marking,
	message,
	stamp,
	stretch,
	trialTime
} from '#lib/replica/trial/letters.ts';
import { settled } from '#lib/replica/trial/manual-clock.ts';
import type { MailNotice, MailView } from './mail-projection.ts';
import { openMailProjection } from './replica-mail.ts';

const mailbox = (role: MailboxRole): MailView => ({ kind: 'mailbox', mailbox: systemMailbox(role) });
const inbox = mailbox('inbox');

async function openMail(messages = 4, options: BenchOptions = {}) {
	const bench = await openBench(options);
	const { core } = bench;
	if (messages > 0) {
		await receiveEntries(core, stretch(1, ...Array.from({ length: messages }, (_, index) => arrived(index))));
	}
	const mail = await openMailProjection(core);
	const notices: MailNotice[] = [];
	mail.subscribe((notice) => notices.push(notice));
	const write = (arrivals: number[], field: MessageField, value: boolean | string) =>
		writeMessages(core, arrivals, field, value);
	return { ...bench, mail, notices, write };
}

describe('the mail projection', () => {
	it('[R71] [2.2.7-a] follows a move in both orders, and keeps the array of an order that did not change', async () => {
		const { mail, write } = await openMail();
		const before = [inbox, mailbox('archive'), mailbox('sent')].map((view) => mail.order(view));
		await write([2], 'mailbox', 'archive');
		expect([...mail.order(inbox)]).toEqual([3, 1, 0]);
		expect([...mail.order(mailbox('archive'))]).toEqual([2]);
		expect(mail.order(mailbox('sent'))).toBe(before[2]);
		expect([...(before[0] ?? [])]).toEqual([3, 2, 1, 0]);
	});

	it('[R71] puts new mail where its date belongs', async () => {
		const { mail, core } = await openMail();
		mail.order(inbox);
		await receiveEntries(core, stretch(5, arrived(4, { receivedAt: trialTime + 1500 }), arrived(5)));
		expect([...mail.order(inbox)]).toEqual([5, 3, 2, 4, 1, 0]);
	});

	it('[R71] keeps the arrays of orders that news from the server does not change', async () => {
		const { mail, core } = await openMail();
		const [archive, all] = [mail.order(mailbox('archive')), mail.order(inbox)];
		await receiveEntries(core, stretch(5, arrived(4), marking([4], '$flagged', true, stamp(trialTime))));
		expect(mail.order(mailbox('archive'))).toBe(archive);
		expect(mail.order(inbox)).not.toBe(all);
		await receiveEntries(core, stretch(7, marking([4], '$seen', true, stamp(trialTime))));
		const before = mail.order(inbox);
		await receiveEntries(core, stretch(8, marking([4], '$done', true, stamp(trialTime))));
		expect(mail.order(inbox)).toBe(before);
	});

	it('[R71] makes an order anew after a change of many', async () => {
		const { mail, write } = await openMail(300);
		mail.order(inbox);
		await write(
			Array.from({ length: 200 }, (_, index) => index),
			'mailbox',
			'archive'
		);
		expect(mail.order(inbox)).toHaveLength(100);
		expect(mail.order(mailbox('archive'))[0]).toBe(199);
	});

	it('[R71] [R70] keeps the array of an order that a change of very many leaves as it is, and counts anew', async () => {
		const { mail, write } = await openMail(2_500);
		const important: MailView = { kind: 'keyword', view: 'important' };
		const before = mail.order(inbox);
		const all = Array.from(before);
		expect(mail.order(important)).toHaveLength(0);
		await write(all, '$important', true);
		expect(mail.order(inbox)).toBe(before);
		expect(mail.order(important)).toEqual(before);
		expect(mail.counter(important)).toEqual({ total: 2_500, unread: 2_500 });
		await write(all.slice(100), 'mailbox', 'archive');
		expect([...mail.order(inbox)]).toEqual(all.slice(0, 100));
		expect(mail.counter(mailbox('archive'))).toEqual({ total: 2_400, unread: 2_400 });
	});

	it('[R70] [2.2.6-a] counts folders and views, and every change of them', async () => {
		const { mail, write } = await openMail();
		expect(mail.counter(inbox)).toEqual({ total: 4, unread: 4 });
		await write([0, 1], '$seen', true);
		await write([1], '$flagged', true);
		expect(mail.counter(inbox)).toEqual({ total: 4, unread: 2 });
		expect(mail.counter({ kind: 'keyword', view: 'followup' })).toEqual({ total: 1, unread: 0 });
		await write([1], 'mailbox', 'trash');
		expect(mail.counter({ kind: 'keyword', view: 'followup' })).toEqual({ total: 0, unread: 0 });
		expect(mail.counter(mailbox('trash'))).toEqual({ total: 1, unread: 0 });
		await write([0], 'mailbox', 'projects');
		expect(mail.counter({ kind: 'mailbox', mailbox: 'projects' as never })).toEqual({ total: 1, unread: 0 });
	});

	it('[R74] shows the server’s totals until the download is complete, moved by what changed here', async () => {
		const opens = { arrivals: 1000, counters: { inbox: { total: 900, unread: 70 } } };
		const { mail, core, write } = await openMail(0, { opens });
		expect(mail.counter(inbox)).toEqual({ total: 900, unread: 70 });
		const messages = [998, 999].map((arrival) => message(arrival));
		const cursor = { generation, seq: 0 };
		await receivePack(core, { cursor, from: 998, to: 1000, messages, registers: [] });
		expect(mail.counter(inbox)).toEqual({ total: 900, unread: 70 });
		expect(mail.backfill()).toEqual({ held: 2, total: 1000 });
		await write([998], '$seen', true);
		await receiveEntries(core, stretch(1, arrived(1000)));
		expect(mail.counter(inbox)).toEqual({ total: 901, unread: 70 });
		await receivePack(core, { cursor, from: 0, to: 998, messages: [], registers: [] });
		expect(mail.counter(inbox)).toEqual({ total: 3, unread: 2 });
	});

	it('[R74] [X-sync-a] says that it holds everything there is, what came or went since with it', async () => {
		const { mail, core, write } = await openMail(0, { opens: { arrivals: 0 } });
		expect(mail.backfill()).toEqual({ held: 0, total: 0 });
		await receiveEntries(core, stretch(1, arrived(0), arrived(1), arrived(2)));
		expect(mail.backfill()).toEqual({ held: 3, total: 3 });
		await write([0], 'mailbox', 'trash');
		await write([1], '$flagged', true);
		expect(mail.backfill()).toEqual({ held: 3, total: 3 });
		await receiveEntries(core, stretch(4, { kind: 'withdrawn', arrivals: [2, 1] }));
		expect(mail.backfill()).toEqual({ held: 2, total: 2 });
	});

	it('[R72] brings rows into memory a pack at a time, and says so', async () => {
		const { mail, notices } = await openMail(150);
		expect(mail.row(120)).toBeUndefined();
		await mail.loadRows([120]);
		expect(mail.row(120)?.summary.subject).toBe('Letter 120');
		expect(mail.row(149)).toBeDefined();
		expect(mail.row(50)).toBeUndefined();
		expect(notices).toContainEqual(expect.objectContaining({ kind: 'rows' }));
	});

	it('[R72] brings the row of new mail by itself where its pack is in memory', async () => {
		const { mail, core } = await openMail();
		await mail.loadRows([0]);
		await receiveEntries(core, stretch(5, arrived(4)));
		await settled();
		expect(mail.row(4)?.summary.subject).toBe('Letter 4');
		await receiveEntries(core, stretch(6, { kind: 'withdrawn', arrivals: [4, 1] }));
		await settled();
		expect(mail.row(4)).toBeUndefined();
		expect(mail.state(4)).toBeUndefined();
	});

	it('[R75] knows the messages of a thread, oldest first', async () => {
		const { mail, core } = await openMail(2);
		await receiveEntries(core, stretch(3, arrived(2, { thread: 0 }), arrived(3, { thread: 1 })));
		expect(mail.threadOf(2)).toEqual([0, 2]);
		await receiveEntries(core, stretch(5, { kind: 'joined', into: 0, from: [1] }));
		expect(mail.threadOf(3)).toEqual([0, 1, 2, 3]);
		expect(mail.threadOf(99)).toEqual([]);
	});

	it('[R11] says which states changed, and nothing where none did', async () => {
		const { mail, core, notices, write } = await openMail();
		await write([1, 2], '$seen', true);
		expect(notices).toEqual([{ kind: 'states', arrivals: [1, 2] }, { kind: 'order' }]);
		expect(mail.state(1)).toMatchObject({ seen: true, flagged: false, mailbox: 'inbox', thread: 1 });
		notices.length = 0;
		await receiveEntries(core, stretch(5, marking([1], '$seen', false, stamp(1))));
		expect(notices.filter(({ kind }) => kind !== 'backfill')).toEqual([]);
	});

	it('[R73] has the first page ready at the next start, before anything else is read', async () => {
		const { mail, clock, disk, write } = await openMail(80);
		await write([79], '$seen', true);
		mail.order(inbox);
		await clock.advance(5_000);
		const storage = openMemoryStorage(disk);
		const core = new ReplicaCore(
			{ storage, memory: new ReplicaMemory(), clock, random: countedBytes() },
			() => undefined
		);
		const next = await openMailProjection(core);
		expect([...next.order(inbox)]).toEqual(Array.from({ length: 50 }, (_, index) => 79 - index));
		expect(next.row(79)?.summary.subject).toBe('Letter 79');
		expect(next.state(79)?.seen).toBe(true);
		expect(next.counter(inbox)).toEqual({ total: 80, unread: 79 });
		await core.reload();
		expect(next.order(inbox)).toHaveLength(80);
	});
});
