import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test('[1.1-a] a wrong password and an unknown address get the same answer; the right ones sign in', async ({
	page,
	me
}) => {
	const desk = new Desk(page, 'en');
	await desk.signIn.open();
	await desk.signIn.tryWith({ address: me.address, password: 'not my password' });
	await expect(desk.signIn.problem).toBeVisible();
	const answer = await desk.signIn.problem.innerText();

	await desk.signIn.tryWith({ address: 'nobody.at.all@hongyan.example', password: me.password });
	await expect(desk.signIn.problem).toHaveText(answer);
	await expect(desk.signIn.address).toHaveValue('nobody.at.all@hongyan.example');

	await desk.signIn.signIn(me);
	await desk.expectSynced();
	await expect(desk.list.of('inbox').or(page.getByText(desk.words.emptyInbox))).toBeVisible();
});

test('[1.1-c] the address is filled in the next time, where the person wanted that', async ({ page, me }) => {
	const desk = new Desk(page, 'en');
	await desk.signIn.open();
	await desk.signIn.rememberAddress(true);
	await desk.signIn.signIn(me);
	await desk.expectSynced();
	await desk.frame.signOut();
	await expect(desk.signIn.address).toHaveValue(me.address);

	await desk.signIn.rememberAddress(false);
	await desk.signIn.signIn(me);
	await desk.expectSynced();
	await desk.frame.signOut();
	await expect(desk.signIn.address).toHaveValue('');
});

test('[4.4.1-a] Chinese and English are switched at once, and kept', async ({ desk, office, me, page }) => {
	await office.receive(me, { subject: 'Lunch on Friday' });
	await expect(desk.list.row('Lunch on Friday')).toBeVisible();
	await desk.expectNotReloadedSince(async () => {
		await desk.frame.chooseLanguage('zh');
	});

	const chinese = new Desk(page, 'zh');
	await expect(chinese.frame.folder('inbox')).toBeVisible();
	await chinese.list.open('Lunch on Friday');
	await chinese.letter.expectSubject('Lunch on Friday');
	await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');

	await page.reload();
	await expect(chinese.frame.folder('sent')).toBeVisible();
	await chinese.frame.chooseLanguage('en');
	await expect(desk.frame.folder('sent')).toBeVisible();
});

test('[4.4.3-a] light and dark are switched at once, and kept', async ({ desk, page }) => {
	const brightness = () =>
		page.evaluate(() => {
			const context = document.createElement('canvas').getContext('2d');
			if (context === null) throw new Error('no canvas');
			context.fillStyle = getComputedStyle(document.body).backgroundColor;
			context.fillRect(0, 0, 1, 1);
			return Math.max(...context.getImageData(0, 0, 1, 1).data.slice(0, 3));
		});
	await desk.frame.chooseMode('dark');
	await expect.poll(brightness).toBeLessThan(80);
	await page.reload();
	await expect(desk.frame.folder('inbox')).toBeVisible();
	await expect.poll(brightness).toBeLessThan(80);
	await desk.frame.chooseMode('light');
	await expect.poll(brightness).toBeGreaterThan(200);
});
