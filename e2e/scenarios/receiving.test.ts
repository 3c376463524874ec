import { Line } from '../lab/line.ts';
import { Desk } from '../pages/desk.ts';
import { expect, test } from './scenario.ts';

test('[2.1.1-a] a letter sent by SMTP appears without a reload, and the counts change', async ({
	desk,
	office,
	me
}) => {
	await expect(desk.frame.folder('inbox')).not.toHaveAccessibleName(/\d/);
	await expect(desk.letter.besideList).toContainText(desk.words.nothingToRead);
	await expect(desk.letter.besideList).not.toContainText(desk.words.pickOne);

	await desk.expectNotReloadedSince(async () => {
		await office.receive(me, {
			from: 'Lin Wei <lin.wei@outside.example>',
			subject: 'Minutes of the meeting',
			text: 'Everybody was there. The minutes are attached.',
			attachments: [{ filename: 'minutes.pdf', content: Buffer.from('%PDF-1.4 minutes') }]
		});
		await expect(desk.list.row('Minutes of the meeting')).toBeVisible();
	});

	await expect(desk.letter.besideList).toContainText(desk.words.pickOne);
	const row = desk.list.row('Minutes of the meeting');
	await expect(row).toContainText('Lin Wei');
	await expect(row).toContainText('Everybody was there.');
	await expect(row.locator('time')).toHaveText(/^\d\d:\d\d$/);
	await desk.list.expectMarked('Minutes of the meeting', 'attachment');
	await desk.list.expectMarked('Minutes of the meeting', 'unread');
	await expect(desk.frame.folder('inbox')).toHaveAccessibleName(/\b1\b/);
	await expect(desk.list.counts).toHaveText(desk.words.unreadOf(1, 1));

	await office.receive(me, { subject: 'No more minutes' });
	await desk.list.expectSubjects(['No more minutes', 'Minutes of the meeting']);
	await expect(desk.list.counts).toHaveText(desk.words.unreadOf(2, 2));
	await desk.list.expectNotMarked('No more minutes', 'attachment');

	await desk.list.open('Minutes of the meeting');
	await desk.letter.expectSubject('Minutes of the meeting');
	await desk.list.expectNotMarked('Minutes of the meeting', 'unread');
	await expect(desk.list.counts).toHaveText(desk.words.unreadOf(1, 2));
	await expect(desk.frame.folder('inbox')).toHaveAccessibleName(/\b1\b/);
});

test('[2.1.1-a] a file of a letter is saved with the bytes it was sent with', async ({
	desk,
	office,
	me
}) => {
	const content = crypto.getRandomValues(new Uint8Array(60_000));
	await office.receive(me, { subject: 'The drawing', attachments: [{ filename: '图纸 v2.bin', content }] });
	await desk.list.open('The drawing');
	const download = await desk.letter.download('图纸 v2.bin');
	expect(download.suggestedFilename()).toBe('图纸 v2.bin');
	const saved = await desk.readDownload(download);
	expect(saved.equals(Buffer.from(content))).toBe(true);
});

test('[2.4-a] [2.4-b] letters of one conversation are read together, oldest first, and those that were read lie folded', async ({
	desk,
	office,
	me
}) => {
	await office.receive(
		me,
		{ subject: '审核安排', text: '第一封。', messageId: 'plan-1@outside.example' },
		{
			subject: '回复：审核安排',
			text: '第二封。',
			messageId: 'plan-2@outside.example',
			answers: 'plan-1@outside.example'
		},
		{ subject: 'Something else' }
	);
	await expect(desk.list.row('回复：审核安排')).toHaveAccessibleName(desk.words.threadOf(2));
	await expect(desk.list.row('Something else')).not.toHaveAccessibleName(desk.words.threadOf(1));
	await desk.list.open('回复：审核安排');
	await expect(desk.letter.letters).toHaveCount(2);
	await expect(desk.letter.letters.first()).toContainText('第一封。');
	await expect(desk.list.counts).toContainText(desk.words.unreadOf(1, 3));
	await desk.list.open('Something else');
	await desk.letter.expectSubject('Something else');

	await desk.list.open('回复：审核安排');
	await expect(desk.letter.folded).toContainText('第一封。');
	await expect(desk.letter.letters).toHaveText(/第二封。/);
	await desk.letter.unfoldAll();
	await expect(desk.letter.letters).toHaveCount(2);
	await expect(desk.letter.letters.first()).toContainText('第一封。');
	await expect(desk.letter.letters.last()).toContainText('第二封。');
});

test('[1.2-a] [X-sync-a] receiving mail says that all is there only when the server has answered', async ({
	page,
	me
}) => {
	const line = await Line.hold(page);
	const desk = new Desk(page, 'en');
	await desk.signIn.open();
	await desk.signIn.signIn(me);
	await desk.expectSynced();
	line.mute();
	await desk.sync.receive.click();
	await expect(desk.sync.receive).toHaveAttribute('aria-busy', 'true');
	await desk.expectSynced();
	await expect(desk.frame.toasts).toHaveCount(0);
	line.unmute();
	await desk.sync.receive.click();
	await expect(desk.frame.toasts).toContainText(desk.words.upToDate);
	await expect(desk.sync.receive).toHaveAttribute('aria-busy', 'false');

	line.mute();
	await desk.sync.receive.click();
	await expect(desk.frame.toasts.last()).toContainText(desk.words.unreached);
	await desk.sync.expectState('offline');
});

test('[2.1.1-a] a letter that was held up is listed by when it came, and says both when it was sent and came', async ({
	desk,
	office,
	me
}) => {
	await office.receive(
		me,
		{ subject: 'On time' },
		{ subject: 'Held up', date: new Date(Date.now() - 3 * 24 * 3_600_000) }
	);
	await desk.list.expectSubjects(['Held up', 'On time']);
	await expect(desk.list.row('Held up').locator('time')).toHaveText(/^\d\d:\d\d$/);
	await desk.list.open('Held up');
	await expect(desk.letter.letters.locator('time')).not.toContainText(desk.words.today);
	await expect(desk.letter.arrived).toContainText(desk.words.today);
	await desk.list.open('On time');
	await expect(desk.letter.letters.locator('time')).toContainText(desk.words.today);
	await expect(desk.letter.arrived).toBeHidden();
});
