import { chromium, type Page } from '@playwright/test';
import { launchOptions } from '../lab/browser.ts';
import type { Row } from './report.ts';

/** What came over the network, workers aside: bytes as they were sent (brotli), and how many requests. */
interface Traffic {
	bytes: number;
	requests: number;
}

/** Counts documents, scripts and style sheets of the page from now on. */
async function countShell(page: Page): Promise<Traffic> {
	const traffic: Traffic = { bytes: 0, requests: 0 };
	const session = await page.context().newCDPSession(page);
	await session.send('Network.enable');
	await session.send('Network.setCacheDisabled', { cacheDisabled: true });
	const shell = new Set<string>();
	session.on('Network.responseReceived', ({ requestId, type }) => {
		if (['Document', 'Script', 'Stylesheet'].includes(type)) shell.add(requestId);
	});
	session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		if (!shell.has(requestId)) return;
		traffic.bytes += encodedDataLength;
		traffic.requests += 1;
	});
	return traffic;
}

/** The weight of the app's shell up to the mail list, and up to an open composer. */
export async function measureShell(
	address: string,
	reader: { readonly address: string; readonly password: string }
): Promise<Row[]> {
	const browser = await chromium.launch(launchOptions());
	try {
		const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en' });
		const page = await context.newPage();
		await page.goto(address);
		await page.getByRole('textbox').first().fill(reader.address);
		await page.locator('input[type=password]').fill(reader.password);
		await page.keyboard.press('Enter');
		await page.locator('[role=row] .subject').first().waitFor();
		const traffic = await countShell(page);
		await page.reload();
		await page.locator('[role=row] .subject').first().waitFor();
		await page.waitForLoadState('networkidle');
		const list = { ...traffic };
		await page.keyboard.press('c');
		await page.locator('[contenteditable=true]').first().waitFor();
		await page.waitForLoadState('networkidle');
		return [
			{ action: 'app shell to the mail list', unit: 'KB', measured: list.bytes / 1024, budget: 60 },
			{ action: 'requests of the app shell', unit: 'requests', measured: list.requests, budget: null },
			{ action: 'app shell with the composer', unit: 'KB', measured: traffic.bytes / 1024, budget: 250 }
		];
	} finally {
		await browser.close();
	}
}
