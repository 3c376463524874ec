import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test.use({ serviceWorkers: 'allow' });

test('[2.3.4-a] a letter saves itself while it is written, and a crash of the tab loses nothing', async ({
	desk,
	page,
	context,
	me,
	office
}) => {
	await desk.frame.compose();
	await desk.composer.address('to', 'lin@outside.example');
	await desk.composer.subject.fill('Half a letter');
	await desk.composer.type('The first half is here');
	await desk.composer.expectSaved();
	const device = await office.mailboxOf(me);
	const { registers, documents } = await device.opening();
	expect(documents).toHaveLength(1);
	expect(registers.map(({ value }) => value)).toContain('Half a letter');

	const crashed = page.waitForEvent('crash');
	const browser = await context.newCDPSession(page);
	// The crash takes the answer with it.
	browser.send('Page.crash').catch(() => undefined);
	await crashed;

	const next = new Desk(await context.newPage(), 'en');
	await next.page.goto('/');
	await next.frame.openFolder('drafts');
	await next.drafts.open('Half a letter');
	await expect(next.composer.body).toHaveText('The first half is here');
	await expect(next.composer.people('to')).toHaveCount(1);
});

test('[2.3.4-a] what was typed right before the tab was closed is there', async ({ desk, page, context }) => {
	await desk.frame.compose();
	await desk.composer.subject.fill('Closed at once');
	await desk.composer.type('every last word');
	await page.goto('about:blank');
	await page.close();

	const next = new Desk(await context.newPage(), 'en');
	await next.page.goto('/');
	await next.frame.openFolder('drafts');
	await next.drafts.open('Closed at once');
	await expect(next.composer.body).toHaveText('every last word');
});

test('[2.1.2-a] [2.3.4-a] an answer nobody wrote in leaves no draft when its tab is closed, one with a word does', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Shall we answer', text: 'Perhaps.' });
	await desk.list.open('Shall we answer');
	for (const words of ['', 'Yes']) {
		await desk.letter.act('reply');
		await expect(desk.composer.body).toBeFocused();
		if (words !== '') await desk.composer.write(words);
		await desk.frame.closeTab('Re: Shall we answer');
		await desk.frame.openFolder('drafts');
		await expect(desk.drafts.rows).toHaveCount(words === '' ? 0 : 1);
		await desk.frame.openFolder('inbox');
		await desk.list.open('Shall we answer');
	}
});

test('[2.3.4-a] a letter that has not come to this device yet opens by itself when it comes', async ({
	desk,
	deskOf,
	me
}) => {
	await desk.expectInstalled();
	await desk.page.context().setOffline(true);
	await desk.sync.expectState('offline');
	const laptop = await deskOf(me);
	await laptop.frame.compose();
	await laptop.composer.subject.fill('From the laptop');
	await laptop.composer.write('Begun elsewhere.');
	await laptop.composer.expectSaved();

	await desk.page.goto(new URL(laptop.page.url()).pathname);
	await expect(desk.composer.screen).toContainText(desk.words.draftMissing);
	await desk.page.context().setOffline(false);
	await expect(desk.composer.body).toHaveText('Begun elsewhere.');
});

test('[2.1.2-a] unfinished letters are listed, reopened by a click, discarded and brought back', async ({
	desk
}) => {
	for (const subject of ['One letter', 'Another letter']) {
		await desk.frame.compose();
		await desk.composer.subject.fill(subject);
		await desk.composer.write(`This is ${subject}.`);
		await desk.composer.expectSaved();
		await desk.frame.closeTab(subject);
	}
	await desk.frame.openFolder('drafts');
	await expect(desk.drafts.rows).toHaveCount(2);
	await expect(desk.frame.folder('drafts')).toHaveAccessibleName(/\b2\b/);
	await expect(desk.drafts.row('One letter')).toContainText('This is One letter.');

	await desk.drafts.discard('One letter');
	await expect(desk.drafts.rows).toHaveCount(1);
	await desk.frame.undo();
	await expect(desk.drafts.rows).toHaveCount(2);
	await desk.drafts.open('One letter');
	await expect(desk.composer.subject).toHaveValue('One letter');
	await expect(desk.composer.body).toHaveText('This is One letter.');
});

test('[1.2-b] open letters stand in tabs, switched with a click, and are there after a reload', async ({
	desk,
	page
}) => {
	await desk.frame.compose();
	await desk.composer.subject.fill('Left');
	await desk.frame.compose();
	await desk.composer.subject.fill('Right');
	await expect(desk.frame.tabs).toHaveCount(3);
	await desk.frame.tab('Left').click();
	await expect(desk.composer.subject).toHaveValue('Left');
	await desk.composer.expectSaved();
	await page.reload();
	await expect(desk.frame.tabs).toHaveCount(3);
	await desk.frame.tab('Right').click();
	await expect(desk.composer.subject).toHaveValue('Right');
	await desk.frame.closeTab('Right');
	await expect(desk.frame.tabs).toHaveCount(2);
	await desk.frame.openFolder('drafts');
	await expect(desk.drafts.row('Right')).toBeVisible();
});
