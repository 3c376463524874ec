import type { Page } from '@playwright/test';
import { Desk } from '../pages/desk.ts';
import { expect, test } from './scenario.ts';

test.use({ serviceWorkers: 'allow' });

/** Makes a page wait, from its next loading on, with the app itself until it is let go. */
async function holdApp(page: Page): Promise<{ letGo(): Promise<void> }> {
	await page.addInitScript(() => {
		const { promise, resolve } = Promise.withResolvers<undefined>();
		Object.assign(window, { letGo: () => resolve(undefined) });
		const append = Element.prototype.append;
		Element.prototype.append = function (...nodes) {
			const isStart = nodes.some(
				(node) => node instanceof HTMLScriptElement && node.src.includes('/entry/start.')
			);
			if (isStart) void promise.then(() => append.apply(this, nodes));
			else append.apply(this, nodes);
		};
	});
	return { letGo: () => page.evaluate(() => (window as unknown as { letGo(): void }).letGo()) };
}

/** Makes a page wait, from its next loading on, for the columns it reads from its device until they are let come. */
async function holdColumns(page: Page): Promise<{ letCome(): Promise<void> }> {
	await page.addInitScript(() => {
		const { promise, resolve } = Promise.withResolvers<undefined>();
		Object.assign(window, { letCome: () => resolve(undefined) });
		const { getAll } = IDBObjectStore.prototype;
		IDBObjectStore.prototype.getAll = function (...asked) {
			const request = getAll.apply(this, asked);
			if (this.name !== 'columns') return request;
			request.addEventListener('success', (event) => {
				if (!event.isTrusted) return;
				event.stopImmediatePropagation();
				void promise.then(() => request.dispatchEvent(new Event('success')));
			});
			return request;
		};
	});
	return { letCome: () => page.evaluate(() => (window as unknown as { letCome(): void }).letCome()) };
}

test('[X-offline-a] [2.4-b] a letter that is shown before the device has read what it holds lies open', async ({
	desk,
	page,
	installedWith
}) => {
	await installedWith('Read at once');
	await desk.expectLettersHeld(1);
	await desk.expectPagesReady(1);
	const held = await holdColumns(page);
	await page.goto('/mail/inbox/t/0');
	await desk.letter.expectSubject('Read at once');
	await held.letCome();
	await expect(desk.letter.text).toContainText('About Read at once.');
});

test('[X-offline-a] [R76] [R77] the list is shown before the app runs, and what is pressed meanwhile is done', async ({
	desk,
	page,
	installedWith
}) => {
	await installedWith('First letter', 'Second letter');
	const held = await holdApp(page);
	await page.goto('/');
	await desk.list.expectSubjects(['Second letter', 'First letter']);
	await expect(page.locator('.still')).toBeAttached();
	await expect(page.getByRole('status').filter({ hasText: desk.words.link.synced })).toBeHidden();

	await page.keyboard.press('j');
	await page.keyboard.press('s');
	await desk.list.row('First letter').click();
	await held.letGo();
	await expect(page.locator('.still')).not.toBeAttached();
	await desk.letter.expectSubject('First letter');
	await desk.list.expectMarked('Second letter', 'starred');
	await desk.expectSynced();
});

test('[X-offline-a] [R76] [R78] a still is never of another language, of another day without saying so, or untrue', async ({
	desk,
	page,
	installedWith
}) => {
	await installedWith('Here to stay', 'Soon gone');
	await desk.list.act('Soon gone', 'delete');
	await desk.list.expectSubjects(['Here to stay']);
	const held = await holdApp(page);
	await page.reload();
	await desk.list.expectSubjects(['Here to stay']);
	await expect(page.locator('.still time').first()).toBeVisible();

	await page.evaluate(() => {
		const still = JSON.parse(localStorage.getItem('hongyan.still') ?? '{}') as object;
		localStorage.setItem('hongyan.still', JSON.stringify({ ...still, day: 'another' }));
	});
	await page.reload();
	await desk.list.expectSubjects(['Here to stay']);
	await expect(page.locator('.still time').first()).toBeHidden();

	await page.evaluate(() => localStorage.setItem('hongyan.locale', 'zh-CN'));
	await page.reload();
	await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
	await expect(page.locator('.still')).not.toBeAttached();
	await held.letGo();
	await expect(new Desk(page, 'zh').frame.composeButton).toBeVisible();
});

test('[X-offline-a] an app that cannot be fetched says so', async ({ page }) => {
	await page.route('**/entry/start.*', (route) => route.abort());
	await page.goto('/');
	await expect(page.getByText('The app could not be loaded.')).toBeVisible();
});

test('[X-offline-a] parts of the app that are loaded later share what the start holds', async ({
	desk,
	page,
	office,
	me
}) => {
	await office.receive(me, { subject: 'For every part' });
	await desk.list.open('For every part');
	await desk.letter.expectSubject('For every part');
	await desk.frame.compose();
	await desk.composer.write('Words');
	await desk.composer.expectSaved();
	const differing = await page.evaluate(async () => {
		const start = (window as unknown as { hongyanStart: { chunks: Record<string, Record<string, unknown>> } })
			.hongyanStart;
		const found: string[] = [];
		for (const [chunk, own] of Object.entries(start.chunks)) {
			const shared = (await import(`/${chunk}`)) as Record<string, unknown>;
			for (const [name, value] of Object.entries(shared))
				if (own[name] !== value) found.push(`${chunk} ${name}`);
		}
		return found;
	});
	expect(differing).toEqual([]);
});
