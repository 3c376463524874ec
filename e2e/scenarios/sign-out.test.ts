import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test.use({ serviceWorkers: 'allow' });

test('[1.3-a] sign-out removes everything of the person from the device, in all tabs', async ({
	desk,
	context,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Private matter' });
	await desk.list.open('Private matter');
	await desk.letter.expectSubject('Private matter');
	await desk.expectInstalled();
	const second = new Desk(await context.newPage(), 'en');
	await second.page.goto('/mail/inbox');
	await second.list.expectSubjects(['Private matter']);
	const cookie = await desk.cookieHeader();
	expect((await office.askWhoIs(cookie)).status).toBe(200);

	await desk.expectSynced();
	await second.sync.retry();
	await expect(second.frame.toasts).toHaveCount(1);
	await second.list.row('Private matter').click({ button: 'right' });
	await expect(second.page.getByRole('menu')).toBeVisible();
	await desk.sync.retry();
	await expect(desk.frame.toasts).toHaveCount(1);
	await desk.frame.signOut();
	await expect(desk.signIn.address).toBeVisible();
	await expect(second.signIn.address).toBeVisible();
	// At once, not when their time is over.
	expect([await desk.frame.toasts.count(), await second.frame.toasts.count()]).toEqual([0, 0]);
	await expect(second.page.getByRole('menu')).toHaveCount(0);
	await expect.poll(() => desk.databases()).toEqual([]);
	await expect.poll(async () => (await office.askWhoIs(cookie)).status).toBe(401);
	expect(await desk.textKept()).not.toContain('Private matter');
	expect(await desk.textKept()).not.toContain(me.address);
	await second.page.goto('/mail/inbox');
	await expect(second.signIn.address).toBeVisible();
});

test('[1.3-a] sign-out shows what is not synced first, and offers to stay', async ({ desk, office, me }) => {
	await office.receive(me, { subject: 'Starred offline' });
	await desk.list.expectSubjects(['Starred offline']);
	await desk.expectInstalled();
	await office.server.stop();
	await desk.sync.expectState('offline');
	await desk.list.act('Starred offline', 'star');
	await desk.frame.compose();
	await desk.composer.address('to', office.newStranger());
	await desk.composer.subject.fill('Waiting letter');
	await desk.composer.send();
	await desk.frame.compose();
	await desk.composer.subject.fill('Unfinished draft');
	await desk.composer.expectSavedHere();

	await desk.frame.askToSignOut();
	await expect(desk.frame.signOutQuestion).toContainText('Waiting letter');
	await expect(desk.frame.signOutQuestion).toContainText('Unfinished draft');
	await desk.frame.cancelSignOut();
	await expect(desk.composer.subject).toHaveValue('Unfinished draft');

	await office.server.start();
	await desk.sync.retry();
	await desk.expectSynced();
	await desk.frame.signOut();
	await expect(desk.signIn.address).toBeVisible();

	const server = await office.mailboxOf(me);
	const [message] = (await server.states()).filter(({ mailbox }) => mailbox === 'inbox');
	expect(message?.keywords).toContain('$important');
	const { registers, submissions } = await server.opening();
	expect(registers.map(({ value }) => value)).toContain('Unfinished draft');
	expect(submissions.map(({ subject }) => subject)).toEqual(['Waiting letter']);
});

test('[1.3-a] signing out with no network wipes at once, and ends the session when the network is back', async ({
	desk,
	office,
	me,
	page
}) => {
	await office.receive(me, { subject: 'Gone offline' });
	await desk.list.expectSubjects(['Gone offline']);
	await desk.expectInstalled();
	const cookie = await desk.cookieHeader();
	await office.server.stop();
	await desk.sync.expectState('offline');
	await desk.frame.signOut();
	await expect(desk.signIn.address).toBeVisible();
	await expect.poll(() => desk.databases()).toEqual([]);
	await page.goto('/mail/inbox');
	await expect(desk.signIn.address).toBeVisible();

	await office.server.start();
	expect((await office.askWhoIs(cookie)).status).toBe(200);
	await page.reload();
	await expect.poll(async () => (await office.askWhoIs(cookie)).status, { timeout: 30_000 }).toBe(401);
});

test('[X-public-a] on a public computer closing the tab asks first where something waits', async ({
	page,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Starred at the library' });
	const desk = new Desk(page, 'en');
	await desk.signIn.open();
	await desk.signIn.onPublicComputer();
	await desk.signIn.signIn(me);
	await desk.expectSynced();
	await desk.expectInstalled();
	const asked: string[] = [];
	page.on('dialog', (dialog) => {
		asked.push(dialog.type());
		void dialog.dismiss();
	});
	await office.server.stop();
	await desk.sync.expectState('offline');
	await desk.list.act('Starred at the library', 'star');
	await desk.list.expectMarked('Starred at the library', 'starred');
	await page.close({ runBeforeUnload: true });
	await expect.poll(() => asked).toEqual(['beforeunload']);
	await desk.list.expectMarked('Starred at the library', 'starred');

	await office.server.start();
	await desk.sync.retry();
	await desk.expectSynced();
	const closed = page.waitForEvent('close');
	await page.close({ runBeforeUnload: true });
	await closed;
	expect(asked).toHaveLength(1);
});

test('[1.3-a] a public computer keeps nothing', async ({ page, office, me }) => {
	await office.receive(me, { subject: 'Read at the library' });
	const desk = new Desk(page, 'en');
	await desk.signIn.open();
	await desk.signIn.onPublicComputer();
	await desk.signIn.signIn(me);
	await desk.list.open('Read at the library');
	await expect(desk.letter.text).toContainText('About Read at the library.');
	await desk.list.act('Read at the library', 'star');
	await desk.frame.compose();
	await desk.composer.subject.fill('Written at the library');
	await desk.composer.expectSaved();
	await desk.expectSynced();
	expect(await desk.databases()).toEqual([]);
	for (const secret of ['library', me.address, me.name]) expect(await desk.textKept()).not.toContain(secret);

	await page.reload();
	await expect(desk.signIn.address).toBeVisible();
	const server = await office.mailboxOf(me);
	expect((await server.states())[0]?.keywords).toContain('$important');
});
