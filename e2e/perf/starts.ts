import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchOptions, viewport } from '../lab/browser.ts';
import { firstLiveRow, firstRow, observePage } from './in-page.ts';
import { servePlainPage } from './plain-page.ts';
import type { Row } from './report.ts';
import { rest } from './rest.ts';
import { spreadOf } from './statistics.ts';

/** A browser with a profile of its own, which outlives it. */
export function openBrowser(profile: string): Promise<BrowserContext> {
	return chromium.launchPersistentContext(profile, { ...launchOptions(), viewport, locale: 'en' });
}

/** Its page, with the observers of `in-page.ts`. */
export async function observedPage(context: BrowserContext): Promise<Page> {
	const page = context.pages()[0] ?? (await context.newPage());
	await observePage(page);
	return page;
}

/** How long starts took until the list was seen, and until the app itself showed it. */
interface Starts {
	readonly seen: number[];
	readonly live: number[];
}

/** Reloads a page again and again. */
export async function reload(page: Page): Promise<Starts> {
	const starts: Starts = { seen: [], live: [] };
	for (let round = 0; round < 25; round += 1) {
		// People reload a page that has come to rest.
		await rest(500);
		await page.reload();
		starts.seen.push(await firstRow(page));
		starts.live.push(await firstLiveRow(page));
	}
	return starts;
}

/** Opens an address again and again, each time in a browser that was started for it. */
export async function coldOpens(profile: string, address: string): Promise<Starts> {
	const starts: Starts = { seen: [], live: [] };
	for (let round = 0; round < 9; round += 1) {
		const context = await openBrowser(profile);
		const page = await observedPage(context);
		await page.goto(address);
		starts.seen.push(await firstRow(page));
		starts.live.push(await firstLiveRow(page));
		await context.close();
	}
	return starts;
}

/** What no page on this machine can beat, measured in the same hour and the same way. */
export async function plainStarts(): Promise<Row[]> {
	const profile = await mkdtemp(path.join(tmpdir(), 'hongyan-plain-'));
	const plain = await servePlainPage();
	try {
		const context = await openBrowser(profile);
		const page = await observedPage(context);
		await page.goto(plain.address);
		await page.evaluate(() => navigator.serviceWorker.ready);
		const warm = await reload(page);
		await context.close();
		const cold = await coldOpens(profile, plain.address);
		return [
			{
				action: 'a plain page of 50 rows, warm reload',
				unit: 'ms',
				measured: spreadOf(warm.seen),
				budget: null
			},
			{
				action: 'a plain page of 50 rows, cold open',
				unit: 'ms',
				measured: spreadOf(cold.seen),
				budget: null
			}
		];
	} finally {
		plain.close();
		await rm(profile, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** A start as the report shows it. */
export function startRows(action: string, { seen, live }: Starts, budget: number): Row[] {
	return [
		{ action, unit: 'ms', measured: spreadOf(seen), budget },
		{ action: `${action}, until the app runs`, unit: 'ms', measured: spreadOf(live), budget: null }
	];
}
