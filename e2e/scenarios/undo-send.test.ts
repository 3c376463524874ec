import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';

// Here letters are held long enough for any computer to call one back. One such server is enough.
test.use({ officeOptions: { environment: { HONGYAN_UNDO_SECONDS: '90' } } });
test.describe.configure({ mode: 'default' });

test('[X-undo-a] a letter that was sent is called back, whole, and nobody gets it', async ({
	desk,
	office,
	me,
	colleague
}) => {
	const outside = office.newStranger();
	await desk.frame.compose();
	await desk.composer.address('to', colleague.address, outside);
	await desk.composer.subject.fill('Too early');
	await desk.composer.write('I did not mean to send this.');
	await desk.composer.attach({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('text of a') });
	await desk.composer.send();
	await expect(desk.composer.screen).toBeHidden();
	await desk.sync.open();
	await expect(desk.sync.letter('Too early')).toContainText(desk.words.held);
	await desk.sync.close();

	await desk.frame.callBack();
	await expect(desk.composer.subject).toHaveValue('Too early');
	await expect(desk.composer.body).toHaveText('I did not mean to send this.');
	await expect(desk.composer.people('to')).toHaveCount(2);
	await expect(desk.composer.attachment('a.txt')).toBeVisible();

	const device = await office.mailboxOf(me);
	await expect
		.poll(async () => (await device.opening()).submissions.map(({ state }) => state))
		.toEqual(['cancelled']);
	expect(await device.messages()).toEqual([]);
	await desk.frame.openFolder('drafts');
	await expect(desk.drafts.row('Too early')).toBeVisible();

	const theirs = await office.mailboxOf(colleague);
	expect(await theirs.messages()).toEqual([]);
	expect(office.sink.letters).toEqual([]);
});

test('[X-undo-a] a letter called back can be changed and sent again', async ({ desk, office, me }) => {
	await desk.frame.compose();
	await desk.composer.address('to', office.newStranger());
	await desk.composer.subject.fill('Draft one');
	await desk.composer.send();
	await desk.frame.callBack();
	await expect(desk.composer.subject).toHaveValue('Draft one');
	await desk.composer.subject.fill('Draft two');
	await desk.composer.send();
	const device = await office.mailboxOf(me);
	await expect
		.poll(async () =>
			(await device.opening()).submissions.map(({ state, subject }) => `${subject} ${state}`).sort()
		)
		.toEqual(['Draft one cancelled', 'Draft two held']);
});

test('[X-undo-a] the notice counts down while a letter can be called back, and sends it at once if asked', async ({
	desk,
	office
}) => {
	const outside = office.newStranger();
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('No need to wait');
	await desk.composer.send();
	const seconds = async () => Number(/\d+/.exec(await desk.frame.countdown.innerText())?.[0]);
	const first = await seconds();
	expect(first).toBeLessThanOrEqual(90);
	await expect.poll(seconds).toBeLessThan(first);
	await desk.frame.sendNow();
	const sunk = await office.sink.letter(({ to }) => to.includes(outside));
	expect((await readLetter(sunk.raw)).subject).toBe('No need to wait');
	await desk.sync.open();
	await expect(desk.sync.letter('No need to wait')).toContainText(desk.words.delivered);
	expect(office.sink.letters.filter(({ to }) => to.includes(outside))).toHaveLength(1);
});

test('[X-undo-a] the key for undo calls the letter back that was just sent', async ({
	desk,
	office,
	page
}) => {
	await desk.frame.compose();
	await desk.composer.address('to', office.newStranger());
	await desk.composer.subject.fill('Not yet');
	await desk.composer.send();
	await expect(desk.frame.countdown).toBeVisible();
	await page.keyboard.press('z');
	await expect(desk.composer.subject).toHaveValue('Not yet');
});
