import { expect, test } from './scenario.ts';

// Here letters are held long enough for any computer to call one back.
test.use({ officeOptions: { environment: { HONGYAN_UNDO_SECONDS: '90' } } });

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
