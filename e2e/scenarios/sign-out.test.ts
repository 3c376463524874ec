import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

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
	await desk.frame.signOut();
	await expect(desk.signIn.address).toBeVisible();
	await expect(second.signIn.address).toBeVisible();
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
