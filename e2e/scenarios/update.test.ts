import { publishNewVersion } from '../lab/new-version.ts';
import { Line } from '../lab/line.ts';
import { Desk } from '../pages/desk.ts';
import { expect, test } from './scenario.ts';

test.use({ serviceWorkers: 'allow' });
// They put another version into the one build.
test.describe.configure({ mode: 'default' });

test('[X-offline-a] a new version of the app is offered, and never taken under an open letter', async ({
	desk,
	page
}) => {
	await desk.expectInstalled();
	await page.reload();
	await desk.frame.compose();
	await desk.composer.subject.fill('Half written');
	await desk.composer.write('Do not lose me.');
	await page.evaluate(() => Object.assign(window, { isSamePage: true }));
	const isSamePage = () => page.evaluate(() => 'isSamePage' in window);

	const putBack = await publishNewVersion();
	try {
		await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
		const offer = page.getByRole('status').filter({ hasText: desk.words.updateReady });
		await expect(offer).toBeVisible();
		await desk.composer.body.press('Control+End');
		await page.keyboard.insertText(' Still here.');
		await desk.composer.expectSaved();
		expect(await isSamePage()).toBe(true);
		const loaded = page.waitForEvent('load');
		await offer.getByRole('button', { name: desk.words.reload, exact: true }).click();
		await loaded;
		await expect(desk.composer.body).toHaveText('Do not lose me. Still here.');
		expect(await isSamePage()).toBe(false);
		await expect(offer).toBeHidden();
	} finally {
		await putBack();
	}
});

test('[X-offline-a] [X-sync-a] an app that is too old for its server says so, keeps the letter, and brings the new one', async ({
	page,
	office,
	me
}) => {
	const line = await Line.hold(page);
	const desk = new Desk(page, 'en');
	await desk.signIn.open();
	await desk.signIn.signIn(me);
	await desk.expectInstalled();
	await page.reload();
	await desk.frame.compose();
	await desk.composer.subject.fill('Before the update');
	await desk.composer.write('Written by the old app.');
	await desk.composer.expectSaved();

	const putBack = await publishNewVersion();
	try {
		await line.findTooOld(true);
		await desk.sync.expectState('outdated');
		await desk.composer.body.press('Control+End');
		await page.keyboard.insertText(' It can wait.');
		await desk.composer.expectSavedHere();
		await desk.composer.address('to', office.newStranger());
		await desk.composer.send();
		await expect(desk.frame.toasts.last()).toContainText(desk.words.sentLater);
		await desk.sync.open();
		await line.findTooOld(false);
		const loaded = page.waitForEvent('load');
		await desk.sync.popover.getByRole('button', { name: desk.words.reload, exact: true }).click();
		await loaded;
		await desk.expectSynced();
		// The new one took over: there is nothing newer to be had.
		const isNewer = page.evaluate(async () => {
			const registration = await navigator.serviceWorker.ready;
			await registration.update();
			return registration.installing !== null || registration.waiting !== null;
		});
		expect(await isNewer).toBe(false);
		const server = await office.mailboxOf(me);
		await expect
			.poll(async () => (await server.opening()).submissions.map(({ subject }) => subject))
			.toEqual(['Before the update']);
	} finally {
		await putBack();
	}
});

test('[X-offline-a] where one tab takes a new version, the letter in the other stays under the hands', async ({
	desk,
	context,
	page
}) => {
	await desk.expectInstalled();
	await page.reload();
	const second = new Desk(await context.newPage(), 'en');
	await second.page.goto('/mail/inbox');
	const tabs = [
		{ tab: desk, subject: 'In the first tab' },
		{ tab: second, subject: 'In the second tab' }
	];
	for (const { tab, subject } of tabs) {
		await tab.frame.compose();
		await tab.composer.subject.fill(subject);
		await tab.composer.write('Half written.');
		await tab.page.evaluate(() => Object.assign(window, { isSamePage: true }));
	}
	const isSamePage = (tab: Desk) => tab.page.evaluate(() => 'isSamePage' in window);
	const offer = (tab: Desk) => tab.page.getByRole('status').filter({ hasText: tab.words.updateReady });
	const take = async (tab: Desk) => {
		const loaded = tab.page.waitForEvent('load');
		await offer(tab).getByRole('button', { name: tab.words.reload, exact: true }).click();
		await loaded;
	};

	const putBack = await publishNewVersion();
	try {
		await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
		await expect(offer(second)).toBeVisible();
		await take(desk);
		await expect(desk.composer.body).toHaveText('Half written.');
		expect(await isSamePage(desk)).toBe(false);

		await second.composer.body.press('Control+End');
		await second.page.keyboard.insertText(' And finished.');
		await second.composer.expectSaved();
		expect(await isSamePage(second)).toBe(true);
		await take(second);
		await expect(second.composer.body).toHaveText('Half written. And finished.');
		await expect(second.composer.subject).toHaveValue('In the second tab');
		await expect(offer(second)).toBeHidden();
	} finally {
		await putBack();
	}
});
