import type { Page, Route } from '@playwright/test';
import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';

const bytes = (size: number) => crypto.getRandomValues(new Uint8Array(size));

/** The texts of letters: one by one, and many at a time ahead of time. */
const texts = /\/(?:messages\/\d+\/content|contents\?.*)$/;
const parts = /\/messages\/\d+\/parts\//;

/** Answers to these requests do not come, until what this returns is called. */
async function hold(page: Page, what: RegExp): Promise<() => void> {
	const held = Promise.withResolvers<undefined>();
	await page.context().route(what, async (route: Route) => {
		await held.promise;
		// The page may have given it up meanwhile.
		await route.continue().catch(() => undefined);
	});
	return () => held.resolve(undefined);
}

/** These requests are answered by a failing server, until what this returns is called. */
async function fail(page: Page, what: RegExp): Promise<() => Promise<void>> {
	await page.context().route(what, (route) => route.fulfill({ status: 503 }));
	return () => page.context().unroute(what);
}

test('[2.2.4-a] a forward takes the pictures along that the text of the letter shows', async ({
	desk,
	office,
	me
}) => {
	const outside = office.newStranger();
	const [picture, report] = [bytes(2_000), bytes(3_000)];
	await office.receive(me, {
		subject: 'With a chart',
		html: '<p>See the chart: <img src="cid:chart@office" alt="chart"></p>',
		attachments: [
			{ filename: 'chart.png', content: picture, contentType: 'image/png', cid: 'chart@office' },
			{ filename: 'report.bin', content: report }
		]
	});
	await desk.list.open('With a chart');
	await desk.letter.act('forward');
	await expect(desk.composer.attachment('report.bin')).toContainText(desk.words.attachmentUploaded);
	await expect(desk.composer.attachment('chart.png')).toContainText(desk.words.attachmentUploaded);
	await desk.composer.address('to', outside);
	await desk.composer.send();
	const read = await readLetter((await office.sink.letter(({ to }) => to.includes(outside))).raw);
	const sent = read.attachments.map(({ name, content }) => [name, content.length]);
	expect(sent.sort()).toEqual([
		['chart.png', 2_000],
		['report.bin', 3_000]
	]);
});

test('[2.2.4-a] a forward never goes without a file of the original, unless the person says so', async ({
	desk,
	office,
	me,
	page
}) => {
	const [first, second] = [office.newStranger(), office.newStranger()];
	const content = bytes(20_000);
	await office.receive(me, { subject: 'Contract', attachments: [{ filename: 'contract.bin', content }] });
	await desk.list.open('Contract');
	const mend = await fail(page, parts);
	await desk.letter.act('forward');
	await expect(desk.composer.attachment('contract.bin')).toContainText(desk.words.partMissingYet);
	await desk.composer.address('to', first);
	await desk.composer.send();
	await expect(desk.composer.missingQuestion).toContainText('contract.bin');
	await desk.composer.answerMissing('wait');

	// It is still wanted when the draft is opened again.
	await desk.frame.openFolder('drafts');
	await desk.drafts.open('Fwd: Contract');
	await expect(desk.composer.attachment('contract.bin')).toContainText(desk.words.partMissingYet);
	await mend();
	await desk.composer.fetchAgain('contract.bin');
	await expect(desk.composer.attachment('contract.bin')).toContainText(desk.words.attachmentUploaded);
	await desk.composer.send();
	const whole = await readLetter((await office.sink.letter(({ to }) => to.includes(first))).raw);
	expect(whole.attachments.map((file) => file.content.equals(Buffer.from(content)))).toEqual([true]);

	await desk.frame.openFolder('inbox');
	await desk.list.open('Contract');
	await page.reload();
	await desk.letter.expectSubject('Contract');
	await page.evaluate(async () => {
		const [found] = await indexedDB.databases();
		const opening = indexedDB.open(found?.name ?? '');
		const database = await new Promise<IDBDatabase>(
			(resolve) => (opening.onsuccess = () => resolve(opening.result))
		);
		const transaction = database.transaction('blobs', 'readwrite');
		transaction.objectStore('blobs').clear();
		await new Promise((resolve) => (transaction.oncomplete = resolve));
		database.close();
	});
	await hold(page, parts);
	await desk.letter.act('forward');
	await expect(desk.composer.attachment('contract.bin').getByRole('progressbar')).toBeVisible();
	await desk.composer.address('to', second);
	await desk.composer.send();
	await desk.composer.answerMissing('send');
	const bare = await readLetter((await office.sink.letter(({ to }) => to.includes(second))).raw);
	expect(bare.attachments).toEqual([]);
});

test('[2.2.3-a] an answer opens without waiting for the network, once, and is quoted when the text comes', async ({
	desk,
	office,
	me,
	page
}) => {
	const letThrough = await hold(page, texts);
	await office.receive(me, { subject: 'Slow line', text: 'The words of a slow line.' });
	await desk.list.open('Slow line');
	await desk.letter.expectSubject('Slow line');
	await desk.press('r');
	await desk.press('r');
	await expect(desk.composer.originalNotice).toContainText(desk.words.original.fetching);
	await desk.composer.write('I answer at once.');
	letThrough();
	await desk.composer.showQuote();
	await expect(desk.composer.quote.locator('body')).toContainText('The words of a slow line.');
	await expect(desk.composer.originalNotice).toHaveCount(0);
	await desk.frame.openFolder('drafts');
	await expect(desk.drafts.rows).toHaveCount(1);
});

test('[2.2.4-a] a forward says that the original could not be included, and gets it when it can be had', async ({
	desk,
	office,
	me,
	page
}) => {
	const outside = office.newStranger();
	const mend = await fail(page, texts);
	const content = bytes(5_000);
	await office.receive(me, {
		subject: 'Not to be had',
		text: 'At last.',
		attachments: [{ filename: 'late.bin', content }]
	});
	await desk.list.open('Not to be had');
	await desk.letter.act('forward');
	await expect(desk.composer.originalNotice).toContainText(desk.words.original.notHere);
	await desk.composer.address('to', outside);
	await desk.composer.send();
	await expect(desk.composer.missingQuestion).toBeVisible();
	await desk.composer.answerMissing('wait');
	await mend();
	await expect(async () => {
		// Not where the connection came back meanwhile: then the app tried again by itself.
		if (await desk.composer.originalNotice.isVisible()) await desk.composer.answerNotice('again', 2_000);
		await expect(desk.composer.attachment('late.bin')).toContainText(desk.words.attachmentUploaded);
	}).toPass();
	await desk.composer.send();
	const read = await readLetter((await office.sink.letter(({ to }) => to.includes(outside))).raw);
	expect(read.text).toContain('At last.');
	expect(read.attachments.map(({ name }) => name)).toEqual(['late.bin']);
});

test('[2.2.4-a] a letter too long to be quoted is forwarded as a file', async ({ desk, office, me }) => {
	const outside = office.newStranger();
	await office.receive(me, { subject: 'A novel', text: 'words of it\n'.repeat(150_000) });
	await desk.list.open('A novel');
	await desk.letter.act('forward');
	await expect(desk.composer.originalNotice).toContainText(desk.words.original.tooLong);
	await desk.composer.answerNotice('attachWhole');
	await expect(desk.composer.attachment('A novel.eml')).toContainText(desk.words.attachmentUploaded);
	await expect(desk.composer.originalNotice).toHaveCount(0);
	await desk.composer.address('to', outside);
	await desk.composer.send();
	const read = await readLetter((await office.sink.letter(({ to }) => to.includes(outside))).raw);
	expect(read.attachments[0]?.name).toBe('A novel.eml');
	expect(read.attachments[0]?.content.toString()).toContain('Subject: A novel');
});

test('[2.2.2-a] a file that comes slowly shows how far it is, and can be given up and asked for again', async ({
	desk,
	office,
	me,
	page
}) => {
	const content = bytes(30_000);
	await office.receive(me, { subject: 'Large file', attachments: [{ filename: 'large.bin', content }] });
	await desk.list.open('Large file');
	const letThrough = await hold(page, parts);
	await desk.letter.pressFile('large.bin', 'download');
	await expect(desk.letter.attachment('large.bin').getByRole('progressbar')).toBeVisible();
	await desk.letter.pressFile('large.bin', 'cancelDownload');
	await expect(desk.letter.attachment('large.bin').getByRole('progressbar')).toHaveCount(0);
	letThrough();
	const download = await desk.letter.download('large.bin');
	expect((await desk.readDownload(download)).equals(Buffer.from(content))).toBe(true);
});

test('[X-sync-a] a text that could not be fetched is fetched again, by itself and by hand', async ({
	desk,
	office,
	me,
	page
}) => {
	const mend = await fail(page, texts);
	await office.receive(me, { subject: 'One', text: 'Came by itself.' });
	await desk.list.open('One');
	await expect(desk.letter.pane).toContainText(desk.words.textNotHere);
	await mend();
	await expect(desk.letter.text).toContainText('Came by itself.', { timeout: 30_000 });

	const mendAgain = await fail(page, texts);
	await office.receive(me, { subject: 'Two', text: 'Came by hand.' });
	await desk.list.open('Two');
	await expect(desk.letter.pane).toContainText(desk.words.textNotHere);
	await mendAgain();
	await desk.letter.tryAgain();
	await expect(desk.letter.text).toContainText('Came by hand.');
});
