import type { Page } from '@playwright/test';
import { controlsOutside } from '../lab/controls-outside.ts';
import { expect, test } from './scenario.ts';

/** Fails if something on the page is wider than the window. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
	const widths = () =>
		page.evaluate(() => ({ content: document.documentElement.scrollWidth, window: window.innerWidth }));
	await expect.poll(async () => (await widths()).content - (await widths()).window).toBeLessThanOrEqual(0);
}

test.describe('a phone, 390 wide', () => {
	test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

	for (const language of ['en', 'zh'] as const) {
		test.describe(language, () => {
			test.use({ language });

			test(`[1.2-a] [2.1.1-a] list, letter, back, folders and compose on a phone (${language})`, async ({
				desk,
				office,
				me,
				page
			}) => {
				const outside = office.newStranger();
				await office.receive(
					me,
					{
						subject: 'A long subject that does not fit on a phone, whatever the font may be',
						from: `黄敏 <${outside}>`
					},
					{ subject: 'Short', html: '<table width="900"><tr><td>wide table</td></tr></table>' }
				);
				await expect(desk.list.row('Short')).toBeVisible();
				await expectNoSidewaysScroll(page);
				await expect(desk.letter.pane).toBeHidden();
				await desk.list.row('Short').tap();
				await desk.letter.expectSubject('Short');
				await expect(desk.list.row('A long subject')).toBeHidden();
				await expectNoSidewaysScroll(page);
				await desk.letter.back();
				await expect(desk.list.row('A long subject')).toBeVisible();

				await desk.frame.openFolder('sent');
				await desk.frame.openFolder('inbox');

				await desk.frame.compose();
				await desk.composer.address('to', outside);
				await desk.composer.subject.fill('From the phone');
				await desk.composer.write('Short and plain.');
				await expectNoSidewaysScroll(page);
				await expect(desk.composer.attachButton).toBeInViewport({ ratio: 1 });
				await desk.composer.send();
				await expect(desk.composer.screen).toBeHidden();
				await expect(desk.list.row('Short')).toBeVisible();
				await office.sink.letter(({ to }) => to.includes(outside));
			});

			test(`[2.1.1-b] a row is pulled aside and done or deleted, and a tap closes it (${language})`, async ({
				desk,
				office,
				me
			}) => {
				await office.receive(me, { subject: 'Read later' }, { subject: 'Not wanted' });
				await expect(desk.list.row('Not wanted')).toBeVisible();
				await desk.list.pullAside('Not wanted');
				await expect(desk.list.uncovered).toBeVisible();
				await desk.list.row('Read later').tap();
				await expect(desk.list.uncovered).toBeHidden();
				await expect(desk.letter.pane).toBeHidden();
				await desk.list.pullAside('Read later');
				await desk.list.uncovered.getByRole('button', { name: desk.words.commands.done, exact: true }).tap();
				await desk.list.expectMarked('Read later', 'done');
				await desk.list.pullAside('Not wanted');
				await desk.list.uncovered
					.getByRole('button', { name: desk.words.commands.delete, exact: true })
					.tap();
				await desk.list.expectSubjects(['Read later']);
			});
		});
	}
});

for (const [width, height] of [
	[1100, 760],
	[800, 1000]
] as const) {
	test.describe(`a window ${width} wide`, () => {
		test.use({ viewport: { width, height } });

		test(`[1.2-a] [2.1.1-a] folders, list, letter and compose at ${width}`, async ({
			desk,
			office,
			me,
			page
		}) => {
			const outside = office.newStranger();
			await office.receive(me, { subject: 'First' }, { subject: 'Second', from: outside });
			await desk.list.expectSubjects(['Second', 'First']);
			await expectNoSidewaysScroll(page);
			await desk.list.open('Second');
			await desk.letter.expectSubject('Second');
			await expectNoSidewaysScroll(page);
			await desk.letter.act('star');
			await desk.frame.openFolder('important');
			await desk.list.expectSubjects(['Second']);
			await desk.list.open('Second');
			await desk.letter.act('reply');
			await desk.composer.write('Read and answered.');
			await expectNoSidewaysScroll(page);
			await desk.composer.send();
			await office.sink.letter(({ to }) => to.includes(outside));
		});
	});
}

const sizes = [
	[1440, 900],
	[1100, 760],
	[800, 1000],
	[390, 844],
	[360, 740]
] as const;

/** One size that fails does not hide the next. */
const softly = expect.configure({ soft: true });

/** Looks at the screen in every size, and fails if something that can be pressed is not wholly on it. */
async function expectControlsInside(page: Page, state: string): Promise<void> {
	for (const [width, height] of sizes) {
		await page.setViewportSize({ width, height });
		await softly.poll(() => controlsOutside(page), { message: `${state}, ${width} wide` }).toEqual([]);
	}
	await page.setViewportSize({ width: 1440, height: 900 });
}

for (const [language, mode] of [
	['en', 'light'],
	['zh', 'dark']
] as const) {
	test.describe(`every control, ${language}, ${mode}`, () => {
		test.use({ language, colorScheme: mode });
		test.setTimeout(120_000);

		test(`[1.2-a] [X-a11y-a] whatever can be pressed is on the screen (${language}, ${mode})`, async ({
			desk,
			office,
			me,
			page
		}) => {
			const longName = 'Alexandrina Konstantinopolitanska-Featherstonehaugh, Procurement';
			const longAddress = 'alexandrina.konstantinopolitanska.featherstonehaugh@procurement.outside.example';
			await office.receive(
				me,
				{ subject: 'Long sender', from: `"${longName}" <${longAddress}>` },
				{
					subject: '长的发件人名字不把按钮推出屏幕',
					from: '华南区供应商质量审核与持续改进联合工作组办公室 <office@outside.example>'
				},
				{ subject: 'Short sender', from: 'Alexa Short <alexa@outside.example>' }
			);
			const cut = () => desk.frame.organisation.evaluate((name) => name.scrollWidth - name.clientWidth);
			expect(await cut(), 'the name of the organisation is whole').toBe(0);
			await desk.frame.chooseMode(mode);
			for (const subject of ['Long sender', '长的']) {
				await desk.list.open(subject);
				await expect(desk.letter.letters).toHaveCount(1);
				await expectControlsInside(page, `a letter of a long name, ${subject}`);
			}
			await desk.frame.openFolder('inbox');
			await desk.list.chooseKind('all');
			await expect(desk.list.selectionBar).toBeVisible();
			await expectControlsInside(page, 'a selection');
			await page.emulateMedia({ forcedColors: 'active' });
			await expect(desk.list.selectionBar, 'has an edge without shadows').toHaveCSS('border-width', '1px');
			await page.emulateMedia({ forcedColors: 'none' });
			await desk.press('Escape');

			for (let count = 1; count <= 9; count += 1) {
				await desk.frame.compose();
				await desk.composer.subject.fill(`A letter that is being written, number ${count}`);
			}
			await desk.composer.address('to', 'someone.else@outside.example');
			await desk.composer.suggest('to', 'alex');
			await expect(desk.composer.suggestions).toHaveCount(2);
			await expectControlsInside(page, 'suggestions and ten tabs');
			await page.setViewportSize({ width: 800, height: 1000 });
			await expect(desk.frame.tabs).toHaveCount(10);
			await desk.frame.chooseTab(desk.words.folders.inbox);
			await expect(desk.list.row('Short sender')).toBeVisible();
			await expect(desk.frame.tab(desk.words.folders.inbox)).toBeInViewport({ ratio: 1 });
		});
	});
}
