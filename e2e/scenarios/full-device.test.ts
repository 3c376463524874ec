import { DeviceDisk } from '../lab/device-disk.ts';
import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test.setTimeout(120_000);

test('[X-offline-a] [2.3.4-a] a device without room says so, sends and marks nothing, and goes on once it has room', async ({
	page,
	office,
	me,
	language
}) => {
	const outside = office.newStranger();
	await office.receive(me, { subject: 'First' }, { subject: 'Second' });
	const desk = new Desk(page, language);
	await desk.signIn.open();
	const disk = await DeviceDisk.small(page);
	await desk.signIn.signIn(me);
	await desk.list.expectSubjects(['Second', 'First']);
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('Written on a full disk');
	await desk.composer.expectSaved();

	await test.step('the disk is full: what is written stays on the screen, and is not sent', async () => {
		await disk.fill();
		await desk.composer.write('Word for word.');
		await desk.sync.expectState('storageFull');
		await expect(desk.composer.status).toHaveText(desk.words.unsaved);
		await desk.composer.send();
		await expect(desk.composer.problems).toHaveText(desk.words.unsavedNotSent);
		await expect(desk.composer.body).toHaveText('Word for word.');
	});

	await test.step('a mark is not shown, and a new letter not begun', async () => {
		await desk.frame.openFolder('inbox');
		await desk.list.act('First', 'star');
		await expect(desk.frame.toasts.last()).toContainText(desk.words.changeNotKept);
		await desk.list.expectNotMarked('First', 'starred');
		await desk.frame.composeButton.first().click();
		await expect(desk.frame.toasts.last()).toContainText(desk.words.changeNotKept);
		await expect(page).toHaveURL(/\/mail\/inbox/);
	});

	await test.step('there is room again: what was written is saved by itself, and goes once', async () => {
		await disk.free();
		await desk.expectSynced();
		await desk.list.act('First', 'star');
		await desk.list.expectMarked('First', 'starred');
		await desk.frame.tabs.filter({ hasText: 'Written on a full disk' }).click();
		await desk.composer.expectSaved();
		await page.reload();
		await expect(desk.composer.body).toHaveText('Word for word.');
		await desk.composer.send();
		const letter = await office.sink.letter(({ to }) => to.includes(outside));
		expect((await readLetter(letter.raw)).text).toContain('Word for word.');
		await desk.expectSynced();
		await office.server.untilQueueIsEmpty();
		expect(office.sink.letters.filter(({ to }) => to.includes(outside))).toHaveLength(1);
	});
});
