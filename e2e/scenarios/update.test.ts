import { publishNewVersion } from '../lab/new-version.ts';
import { expect, test } from './scenario.ts';

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
