import { expect, test } from './scenario.ts';

test.use({ serviceWorkers: 'allow' });

test('[X-sync-a] what is done in one tab shows in the other, and the second goes on when the first is closed', async ({
	desk,
	office,
	me,
	nextTab
}) => {
	await office.receive(me, { subject: 'Seen twice' });
	await desk.list.expectSubjects(['Seen twice']);
	const second = await nextTab('/mail/inbox');
	await second.list.expectSubjects(['Seen twice']);

	await desk.list.act('Seen twice', 'star');
	await second.list.expectMarked('Seen twice', 'starred');
	await second.list.act('Seen twice', 'flag');
	await desk.list.expectMarked('Seen twice', 'flagged');
	await second.expectSynced();

	await desk.page.close();
	await office.receive(me, { subject: 'Came later' });
	await second.list.expectSubjects(['Came later', 'Seen twice']);
	await second.list.act('Came later', 'delete');
	await second.list.expectSubjects(['Seen twice']);
	await second.expectSynced();
});

test('[2.1.2-a] [2.3.4-a] a letter written in one tab stands in the list of the other, and leaves it when sent', async ({
	desk,
	office,
	nextTab
}) => {
	const outside = office.newStranger();
	const second = await nextTab('/mail/drafts');
	await expect(second.frame.folder('drafts')).toBeVisible();
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('Across tabs');
	await desk.composer.write('Written in the first tab.');
	await expect(second.drafts.row('Across tabs')).toContainText('Written in the first tab.');

	await second.frame.openFolder('sent');
	await desk.composer.send();
	await second.list.expectSubjects(['Across tabs']);
	await second.frame.openFolder('drafts');
	await expect(second.drafts.rows).toHaveCount(0);
	await office.sink.letter(({ to }) => to.includes(outside));
});

test('[X-offline-a] two tabs with no server see each other’s work', async ({
	desk,
	office,
	installedWith,
	nextTab
}) => {
	await installedWith('Between tabs');
	const second = await nextTab('/mail/inbox');
	await second.list.expectSubjects(['Between tabs']);
	await office.server.stop();
	await second.sync.expectState('offline');
	await second.list.act('Between tabs', 'star');
	await desk.list.expectMarked('Between tabs', 'starred');
	await desk.list.act('Between tabs', 'done');
	await second.list.expectMarked('Between tabs', 'done');
	await second.page.reload();
	await second.list.expectMarked('Between tabs', 'starred');
});
