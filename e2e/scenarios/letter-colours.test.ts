import { expect, test } from './scenario.ts';

test.use({ colorScheme: 'dark' });

test('[4.4.3-a] a letter without colours of its own follows the mode, one with colours stays on white', async ({
	desk,
	office,
	me,
	page
}) => {
	const white = 'rgb(255, 255, 255)';
	await office.receive(
		me,
		{ subject: 'Painted', html: '<p style="color: black">Black on white</p>' },
		{ subject: 'Plain', html: '<p>No <b>colours</b></p>' }
	);
	const ground = () =>
		desk.letter
			.html()
			.locator('html')
			.evaluate((root) => getComputedStyle(root).backgroundColor);
	const around = () =>
		page.evaluate(() => {
			const probe = document.createElement('i');
			probe.style.backgroundColor = 'var(--surface)';
			document.body.append(probe);
			const colour = getComputedStyle(probe).backgroundColor;
			probe.remove();
			return colour;
		});
	await desk.list.open('Painted');
	await expect(desk.letter.html().getByText('Black on white')).toBeVisible();
	expect(await ground()).toBe(white);

	await desk.list.open('Plain');
	await expect(desk.letter.html().getByText('colours')).toBeVisible();
	const dark = await around();
	expect(await ground()).toBe(dark);
	await desk.frame.chooseMode('light');
	await expect.poll(async () => (await ground()) === (await around())).toBe(true);
	expect(await around()).not.toBe(dark);
});
