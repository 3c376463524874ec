import type { Page } from '@playwright/test';
import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';

const file = (name: string, size = 40_000) => ({
	name,
	mimeType: 'application/octet-stream',
	buffer: Buffer.from(crypto.getRandomValues(new Uint8Array(size)))
});

/** Files are read no further until what this answers is called, as from a slow share. */
async function holdFiles(page: Page): Promise<() => Promise<void>> {
	const gate = await page.evaluateHandle(() => {
		const held = Promise.withResolvers<undefined>();
		const read = Blob.prototype.arrayBuffer;
		Blob.prototype.arrayBuffer = async function () {
			await held.promise;
			return read.call(this);
		};
		return held;
	});
	return () => gate.evaluate((held) => held.resolve(undefined));
}

test('[2.3.2-a] a letter waits for the file that is being read when it is sent', async ({
	desk,
	office,
	page
}) => {
	const outside = office.newStranger();
	const picked = file('plan.bin');
	const letThrough = await holdFiles(page);
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('With a file from a slow share');
	await desk.composer.attach(picked);
	await expect(desk.composer.attachment('plan.bin')).toContainText(desk.words.attachmentReading);
	await desk.composer.send();
	await expect(desk.composer.attachment('plan.bin')).toContainText(desk.words.attachmentReading);
	await letThrough();
	const read = await readLetter((await office.sink.letter(({ to }) => to.includes(outside))).raw);
	expect(read.attachments.map(({ content }) => content.equals(picked.buffer))).toEqual([true]);
});

test('[2.3.2-a] files that are being read when the letter is left are in its draft; one can be taken out', async ({
	desk,
	page
}) => {
	const letThrough = await holdFiles(page);
	await desk.frame.compose();
	await desk.composer.attach(file('one.bin'), file('two.bin'), file('three.bin'));
	await expect(desk.composer.attachment('three.bin')).toContainText(desk.words.attachmentReading);
	await desk.composer.attachment('two.bin').getByRole('button').click();
	await expect(desk.composer.attachment('two.bin')).toHaveCount(0);
	await desk.frame.openFolder('inbox');
	await letThrough();
	await desk.frame.openFolder('drafts');
	await desk.drafts.rows.first().getByRole('button').first().click();
	await expect(desk.composer.attachment('one.bin')).toContainText(desk.words.attachmentUploaded);
	await expect(desk.composer.attachment('three.bin')).toContainText(desk.words.attachmentUploaded);
	await expect(desk.composer.attachment('two.bin')).toHaveCount(0);
});
