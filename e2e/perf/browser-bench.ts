import type { Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addPeople } from '../lab/people.ts';
import { SmtpClient } from '../outside/smtp-client.ts';
import { LabServer } from '../lab/server.ts';
import { measureInPage, type InPageAction } from './in-page.ts';
import { measureShell } from './shell-bytes.ts';
import { importMailbox, seededMailbox } from './mailbox.ts';
import type { Row } from './report.ts';
import { rest } from './rest.ts';
import { coldOpens, observedPage, openBrowser, plainStarts, reload, startRows } from './starts.ts';
import { spreadOf } from './statistics.ts';

const reader = { name: 'Reader', address: 'reader@hongyan.example', password: 'a long enough password' };
/** Of each action; with fewer the p95 would be the worst of all. */
const rounds = 40;

/** Signs in and waits until every message of the mailbox is counted on the device. */
async function signInAndFill(page: Page, address: string): Promise<Row[]> {
	const bytes = { sum: 0, requests: 0 };
	const session = await page.context().newCDPSession(page);
	await session.send('Network.enable');
	session.on('Network.loadingFinished', ({ encodedDataLength }) => {
		bytes.sum += encodedDataLength;
		bytes.requests += 1;
	});
	await page.goto(address);
	await page.getByRole('textbox').first().fill(reader.address);
	await page.locator('input[type=password]').fill(reader.password);
	const shell = { ...bytes };
	const start = performance.now();
	await page.keyboard.press('Enter');
	await page.locator('[role=row] .subject').first().waitFor();
	const usable = performance.now() - start;
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.getByRole('button', { name: /^Synced/ }).waitFor({ timeout: 600_000 });
	return [
		{
			action: 'first load: bytes until the sign-in page',
			unit: 'KB',
			measured: shell.sum / 1024,
			budget: null
		},
		{
			action: 'first load: requests until the sign-in page',
			unit: 'requests',
			measured: shell.requests,
			budget: null
		},
		{ action: 'sign-in on a new device to a usable inbox', unit: 'ms', measured: usable, budget: null }
	];
}

/** Waits until the page has nothing left to do, and a moment: people look before they act again. */
async function comeToRest(page: Page): Promise<void> {
	await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 })));
	await rest(50);
}

/** Repeats a pair of actions, there and back, and gives the times to paint of both. */
async function repeat(
	page: Page,
	action: (round: number) => InPageAction
): Promise<{ paint: number[]; durable: number[] }> {
	const paint: number[] = [];
	const durable: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		await comeToRest(page);
		const measured = await measureInPage(page, action(round));
		paint.push(measured.paint);
		if (!Number.isNaN(measured.durable)) durable.push(measured.durable);
	}
	return { paint, durable };
}

/** From the last byte of DATA to the row's paint; both clocks are this machine's. */
async function dataToPixel(page: Page, server: LabServer): Promise<number[]> {
	const smtp = await SmtpClient.open(server.ports.smtp);
	const times: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const subject = `pixel-${round}`;
		const seen = page.evaluate(async (wanted) => {
			const isThere = () =>
				document.querySelector('[role=row] .subject')?.textContent.includes(wanted) === true;
			return performance.timeOrigin + (await window.hongyanPainted(isThere));
		}, subject);
		await smtp.say('MAIL FROM:<bench@outside.example>');
		await smtp.say(`RCPT TO:<${reader.address}>`);
		await smtp.say('DATA');
		smtp.write(
			`From: bench@outside.example\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString()}\r\n\r\nHello\r\n`
		);
		const start = performance.timeOrigin + performance.now();
		smtp.write('.\r\n');
		await smtp.expect('250');
		times.push((await seen) - start);
	}
	await smtp.drop();
	return times;
}

/** Stars everything in the inbox and takes it back, again and again: one action over the whole mailbox. */
async function markAll(page: Page): Promise<Row[]> {
	const paint: number[] = [];
	const durable: number[] = [];
	let count = '';
	for (let round = 0; round < 5; round += 1) {
		await page.keyboard.press('Shift+*');
		await page.keyboard.press('a');
		count = await page.locator('[role=toolbar][data-floor] .count').innerText();
		const star = await page.evaluate(() => {
			const row = document.querySelector<HTMLElement>('[role=row]:not(:has(.is-star))');
			return `[data-arrival="${row?.dataset['arrival'] ?? ''}"] .is-star`;
		});
		const marked = await measureInPage(page, { key: 's', appears: star });
		paint.push(marked.paint);
		durable.push(marked.durable);
		await measureInPage(page, { key: 'z', disappears: star });
		await page.keyboard.press('Escape');
	}
	return [
		{ action: 'mark all, to paint', unit: 'ms', measured: spreadOf(paint), budget: 33, note: count },
		{ action: 'mark all, durable', unit: 'ms', measured: spreadOf(durable), budget: 200, note: count }
	];
}

function folder(name: string): string {
	return `nav a[href$="/mail/${name}"]`;
}

async function measureScreens(page: Page): Promise<Row[]> {
	const grid = (label: string) => `[role=grid][aria-label="${label}"] [role=row] .subject`;
	const switching = await repeat(page, (round) =>
		round % 2 === 0
			? { click: folder('archive'), appears: grid('Archive') }
			: { click: folder('inbox'), appears: grid('Inbox') }
	);
	await measureInPage(page, { click: folder('inbox'), appears: grid('Inbox') });
	const jumping = await repeat(page, (round) => ({
		scrollTo: 0.1 + ((round * 7) % 10) / 12,
		otherRows: true
	}));
	await page.evaluate(() => document.querySelector('[role=grid]')?.scrollTo(0, 0));
	await page.locator('[role=row][aria-rowindex="8"] .subject').waitFor();
	const opening = await repeat(page, (round) => ({
		click: `[role=row][aria-rowindex="${(round % 8) + 1}"]`,
		appears: `[role=row][aria-rowindex="${(round % 8) + 1}"][aria-current=true]`
	}));
	const star = '[role=row][aria-current=true] .is-star';
	if ((await page.locator(star).count()) > 0) await measureInPage(page, { key: 's', disappears: star });
	const marking = await repeat(page, (round) => ({
		key: 's',
		...(round % 2 === 0 ? { appears: star } : { disappears: star })
	}));
	const deleting = await repeat(page, () => ({ key: '#', openGone: true }));
	return [
		{ action: 'switch folder', unit: 'ms', measured: spreadOf(switching.paint), budget: 33 },
		{ action: 'jump to the middle of the list', unit: 'ms', measured: spreadOf(jumping.paint), budget: 33 },
		{
			action: 'open a message held on the device',
			unit: 'ms',
			measured: spreadOf(opening.paint),
			budget: 50
		},
		{ action: 'star one, to paint', unit: 'ms', measured: spreadOf(marking.paint), budget: 33 },
		{ action: 'star one, durable', unit: 'ms', measured: spreadOf(marking.durable), budget: 10 },
		{ action: 'delete one, to paint', unit: 'ms', measured: spreadOf(deleting.paint), budget: 33 },
		{ action: 'delete one, durable', unit: 'ms', measured: spreadOf(deleting.durable), budget: 10 }
	];
}

/** Leaves the app as it is mostly left: the list on the screen, and at rest for a moment. */
async function leaveWithList(page: Page): Promise<void> {
	await page.evaluate(() => document.querySelector('[role=grid]')?.scrollTo(0, 0));
	await page.keyboard.press('u');
	await page.waitForURL('**/mail/inbox');
	await rest(3000);
}

/** Everything a person does, at one size of mailbox, in a real Chromium with the app installed. */
export async function benchBrowser(size: number): Promise<Row[]> {
	const profile = await mkdtemp(path.join(tmpdir(), 'hongyan-bench-'));
	const mailbox = await seededMailbox(size);
	const server = await LabServer.start({ demo: false, environment: { HONGYAN_LOG_LEVEL: 'error' } });
	const rows: Row[] = [];
	try {
		await server.stop();
		await addPeople(server, [reader]);
		const seconds = await importMailbox(server, reader.address, mailbox);
		rows.push({ action: `import of ${size} messages`, unit: '/s', measured: size / seconds, budget: null });
		await server.start();
		const context = await openBrowser(profile);
		const page = await observedPage(context);
		rows.push(...(await signInAndFill(page, server.address)));
		rows.push(...startRows('warm reload', await reload(page), 150));
		rows.push({
			action: 'end of SMTP DATA to pixel',
			unit: 'ms',
			measured: spreadOf(await dataToPixel(page, server)),
			budget: 100
		});
		rows.push(...(await measureScreens(page)), ...(await markAll(page)));
		await leaveWithList(page);
		await context.close();
		rows.push(...(await measureShell(server.address, reader)));
		const installed = await coldOpens(profile, `${server.address}/mail/inbox`);
		rows.push(...startRows('cold open of the installed app', installed, 400), ...(await plainStarts()));
		return rows;
	} finally {
		await server.dispose();
		await rm(profile, { recursive: true, force: true, maxRetries: 5 });
	}
}
