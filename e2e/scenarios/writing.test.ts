import type { Office } from '../lab/office.ts';
import type { Person } from '../lab/people.ts';
import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';

/** The letter with this subject as it lies in a person's mailbox, read by another program. */
async function letterOf(office: Office, person: Person, subject: string) {
	const device = await office.mailboxOf(person);
	const find = async () => (await device.messages()).filter(({ summary }) => summary.subject === subject);
	await expect.poll(async () => (await find()).length, { timeout: 20_000 }).toBe(1);
	const [found] = await find();
	return readLetter(await device.raw(found?.arrival ?? -1));
}

test('[2.3.1-a] [2.3.2-a] [2.3.8-a] a letter with to, cc, bcc, rich text and a file arrives inside and outside', async ({
	desk,
	office,
	me,
	colleague
}) => {
	const [outside, hidden] = [office.newStranger(), office.newStranger()];
	const content = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)));
	await desk.frame.compose();
	await desk.composer.address('to', colleague.address, outside);
	await desk.composer.address('bcc', hidden);
	await desk.composer.address('cc', `Second <${office.newStranger()}>`);
	await desk.composer.subject.fill('国庆值班安排 and a plan');
	await desk.composer.type('请大家 ');
	await desk.composer.format('bold');
	await desk.composer.body.pressSequentially('周五前');
	await desk.composer.format('bold');
	await desk.composer.body.pressSequentially(' 确认 & reply <soon>.');
	await desk.composer.attach({
		name: '值班表 v2.bin',
		mimeType: 'application/octet-stream',
		buffer: content
	});
	await expect(desk.composer.attachment('值班表 v2.bin')).toContainText(desk.words.attachmentUploaded);
	await desk.composer.send();

	const sunk = await office.sink.letter(({ to }) => to.includes(outside));
	const read = await readLetter(sunk.raw);
	expect(read.subject).toBe('国庆值班安排 and a plan');
	expect(read.from).toBe(me.address);
	expect(read.to).toEqual([colleague.address, outside]);
	expect(read.cc).toHaveLength(1);
	expect(read.text).toContain('请大家 周五前 确认 & reply <soon>.');
	expect(read.html).toContain('<strong>周五前</strong>');
	expect(read.html).toContain('&lt;soon&gt;');
	expect(read.attachments.map(({ name }) => name)).toEqual(['值班表 v2.bin']);
	expect(read.attachments[0]?.content.equals(content)).toBe(true);
	expect(read.header).not.toMatch(/^bcc:/im);
	expect(sunk.raw.toString('latin1')).not.toContain(hidden);
	expect(read.messageId).toMatch(/^<[^<>\s]+@[^<>\s]+>$/);

	const toHidden = await office.sink.letter(({ to }) => to.includes(hidden));
	expect((await readLetter(toHidden.raw)).header).not.toContain(hidden);
	const inside = await letterOf(office, colleague, '国庆值班安排 and a plan');
	expect(inside.attachments[0]?.content.equals(content)).toBe(true);
	expect(inside.messageId).toBe(read.messageId);
	expect(inside.header).not.toContain(hidden);
});

test('[2.3.2-a] a file shows its progress, and the letter can be sent while it is on its way', async ({
	desk,
	office,
	page
}) => {
	const outside = office.newStranger();
	const content = Buffer.from(crypto.getRandomValues(new Uint8Array(50_000)));
	let letThrough: () => void = () => undefined;
	const held = new Promise<void>((resolve) => (letThrough = resolve));
	await page.context().route('**/attachments/**', async (route) => {
		await held;
		await route.continue();
	});
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('With a slow file');
	await desk.composer.attach({ name: 'slow.bin', mimeType: 'application/octet-stream', buffer: content });
	await expect(desk.composer.attachment('slow.bin').getByRole('progressbar')).toBeVisible();
	await desk.composer.send();
	await desk.sync.open();
	await expect(desk.sync.letter('With a slow file')).toContainText(desk.words.uploading);
	letThrough();
	const sunk = await office.sink.letter(({ to }) => to.includes(outside));
	const [file] = (await readLetter(sunk.raw)).attachments;
	expect(file?.content.equals(content)).toBe(true);
});

test('[2.1.3-a] [2.3.5-b] what was sent lies in Sent, and the result is shown per recipient', async ({
	desk,
	office,
	colleague
}) => {
	const [outside, refused] = [office.newStranger(), office.newStranger()];
	office.sink.judge = (recipient) =>
		recipient === refused ? { code: 550, text: 'No such person here' } : 'take';
	await desk.frame.compose();
	await desk.composer.address('to', colleague.address, outside, refused);
	await desk.composer.subject.fill('To three people');
	await desk.composer.write('Hello all three.');
	await desk.composer.send();
	await desk.sync.open();
	await expect(desk.sync.letter('To three people')).toContainText('No such person here', { timeout: 20_000 });
	await expect(desk.sync.letter('To three people')).toContainText(refused);
	await desk.sync.close();

	await desk.frame.openFolder('sent');
	await desk.list.expectSubjects(['To three people']);
	await desk.list.expectNotMarked('To three people', 'unread');
	await desk.list.act('To three people', 'star');
	await desk.list.expectMarked('To three people', 'starred');
	await desk.list.open('To three people');
	await expect(desk.letter.html(desk.letter.letters.first()).locator('body')).toContainText(
		'Hello all three.'
	);
	await expect(desk.frame.tabs).toHaveCount(1);

	await desk.frame.openFolder('inbox');
	await expect(desk.list.row('To three people').or(desk.list.rows.first())).toContainText(refused);
});

test('[2.2.3-a] a reply carries the threading headers, the quote and goes to the author alone', async ({
	desk,
	office,
	me
}) => {
	const author = office.newStranger();
	await office.receive(me, {
		from: `黄敏 <${author}>`,
		cc: office.newStranger(),
		subject: '询价：量具',
		text: '请报价。',
		messageId: 'inquiry-7@outside.example'
	});
	await desk.list.open('询价：量具');
	await desk.letter.act('reply');
	await expect(desk.composer.subject).toHaveValue('Re: 询价：量具');
	await desk.composer.write('报价如下。');
	await desk.composer.send();

	const sunk = await office.sink.letter(({ to }) => to.includes(author));
	expect(sunk.to).toEqual([author]);
	const read = await readLetter(sunk.raw);
	expect(read.inReplyTo).toBe('<inquiry-7@outside.example>');
	expect(read.references).toEqual(['<inquiry-7@outside.example>']);
	expect(read.text).toContain('报价如下。');
	expect(read.text).toContain('请报价。');
	await desk.frame.openFolder('inbox');
	await desk.list.expectMarked('询价：量具', 'answered');
});

test('[2.2.3-a] a reply to all goes to everybody but oneself, a colleague reads it in the same thread', async ({
	desk,
	deskOf,
	office,
	me,
	colleague
}) => {
	const author = office.newStranger();
	await office.receive(me, {
		from: author,
		to: `${me.address}, ${colleague.address}`,
		subject: 'Venue',
		messageId: 'venue-1@outside.example'
	});
	await office.receive(colleague, {
		from: author,
		to: `${me.address}, ${colleague.address}`,
		subject: 'Venue',
		messageId: 'venue-1@outside.example'
	});
	const other = await deskOf(colleague);
	await expect(other.list.row('Venue')).toBeVisible();

	await desk.list.open('Venue');
	await desk.letter.act('replyAll');
	await expect(desk.composer.people('to')).toHaveCount(1);
	await expect(desk.composer.people('cc')).toHaveCount(1);
	await desk.composer.write('The small hall will do.');
	await desk.composer.send();

	const sunk = await office.sink.letter(({ to }) => to.includes(author));
	expect((await readLetter(sunk.raw)).cc).toEqual([colleague.address]);
	await expect(other.list.row('Re: Venue')).toBeVisible({ timeout: 20_000 });
	await other.list.open('Re: Venue');
	await expect(other.letter.html().locator('body')).toContainText('The small hall will do.');
	await expect(other.letter.threadSize).toContainText('2');
});

test('[2.2.4-a] a forward carries the text and the files of the letter', async ({ desk, office, me }) => {
	const outside = office.newStranger();
	const content = crypto.getRandomValues(new Uint8Array(30_000));
	await office.receive(me, {
		subject: 'Test report',
		html: '<p>All <b>passed</b>.</p>',
		attachments: [{ filename: 'report.bin', content }]
	});
	await desk.list.open('Test report');
	await desk.letter.act('forward');
	await expect(desk.composer.attachment('report.bin')).toContainText(desk.words.attachmentUploaded);
	await desk.composer.address('to', outside);
	await desk.composer.write('For your information.');
	await desk.composer.send();
	const read = await readLetter((await office.sink.letter(({ to }) => to.includes(outside))).raw);
	expect(read.subject).toBe('Fwd: Test report');
	expect(read.inReplyTo).toBeUndefined();
	expect(read.text).toContain('For your information.');
	expect(read.html).toContain('<b>passed</b>');
	expect(read.attachments[0]?.content.equals(Buffer.from(content))).toBe(true);
	await desk.frame.openFolder('inbox');
	await desk.list.expectMarked('Test report', 'forwarded');
});

test('[2.3.1-b] a whole address that was typed is taken as it is, unless the arrow keys chose another', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { from: 'Hui Li <huili@corp.example>', subject: 'From Hui Li' });
	await expect(desk.list.row('From Hui Li')).toBeVisible();
	await desk.frame.compose();
	await desk.composer.enter('to', 'li@corp.example', 'Enter');
	await desk.composer.enter('to', 'i@corp.example', 'Tab');
	await desk.composer.enter('to', 'uili@corp.example', 'ArrowDown', 'Enter');
	await expect(desk.composer.people('to')).toHaveText([/ li@corp\.example/, / i@corp\.example/, /Hui Li/]);
});

test('[2.3.1-a] what is no address is marked and keeps the letter back', async ({ desk }) => {
	await desk.frame.compose();
	await desk.composer.address('to', 'not an address');
	await desk.composer.subject.fill('Nowhere');
	await desk.composer.send();
	await expect(desk.composer.problems.first()).toBeVisible();
	await expect(desk.composer.subject).toHaveValue('Nowhere');
});

test('[X-sync-a] a letter of which it is not known whether it arrived says so, and goes once more only when asked', async ({
	desk,
	office
}) => {
	const outside = office.newStranger();
	const seen = () => office.sink.seen.filter(({ to }) => to.includes(outside));
	office.sink.answer = ({ to }) => (to.includes(outside) ? 'vanish' : 'take');
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('Did it arrive?');
	await desk.composer.write('Answer, please.');
	await desk.composer.send();
	await desk.sync.open();
	const line = desk.sync.letter('Did it arrive?');
	await expect(line).toContainText(desk.words.fateUnknown, { timeout: 30_000 });
	expect(seen()).toHaveLength(1);

	office.sink.answer = () => 'take';
	await line.getByRole('button', { name: desk.words.sendAgain, exact: true }).click();
	await expect(line).toContainText(desk.words.delivered, { timeout: 30_000 });
	await expect(line.getByRole('button', { name: desk.words.sendAgain, exact: true })).toHaveCount(0);
	const messageIds = await Promise.all(seen().map(async ({ raw }) => (await readLetter(raw)).messageId));
	expect(messageIds).toHaveLength(2);
	expect(new Set(messageIds).size).toBe(1);
});

test('[2.2.3-a] the line to answer in names everybody who gets the answer, and the thread everybody in it', async ({
	desk,
	office,
	me
}) => {
	const first = { subject: 'Plan', messageId: 'first@plan.example' };
	const cc = 'Wu <wu@elsewhere.example>';
	await office.receive(me, first, { subject: 'Re: Plan', cc, answers: 'first@plan.example' });
	await desk.list.open('Re: Plan');
	await expect(desk.letter.pane.locator('button.answer')).toContainText('Wu');
	await expect(desk.letter.threadSize).toContainText('3');
});
