import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';

test.use({ serviceWorkers: 'allow' });

test('[2.3.4-a] [X-sync-a] a session that ends while a letter is written keeps the letter, and goes on after signing in', async ({
	desk,
	office,
	me
}) => {
	const outside = office.newStranger();
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('Session gone');
	await desk.composer.write('Before it ended. ');
	await desk.composer.expectSaved();
	await office.endSession(await desk.cookieHeader());
	await desk.sync.expectState('signedOut');
	await desk.sync.signInLater();
	await desk.composer.body.press('Control+End');
	await desk.composer.body.pressSequentially('And after.');
	await desk.composer.expectSavedHere();

	await desk.sync.askToSignIn();
	await desk.sync.signInAgain('not my password');
	await expect(desk.sync.signInQuestion.getByRole('alert')).toBeVisible();
	await desk.sync.signInAgain(me.password);
	await expect(desk.sync.signInQuestion).toBeHidden();
	await desk.expectSynced();
	await expect(desk.composer.body).toHaveText('Before it ended. And after.');
	await desk.composer.expectSaved();
	await desk.composer.send();
	const sunk = await office.sink.letter(({ to }) => to.includes(outside));
	expect((await readLetter(sunk.raw)).text.trim()).toBe('Before it ended. And after.');
});

test('[2.3.2-a] files over the limit are refused with the reason, and the letter stays', async ({ desk }) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'hongyan-large-'));
	const file = path.join(folder, 'too large.bin');
	await writeFile(file, Buffer.alloc(36_000_000, 7));
	await desk.frame.compose();
	await desk.composer.subject.fill('Large');
	await desk.composer.attach(file);
	await expect(desk.frame.toasts.last()).toContainText(desk.words.attachmentRefused);
	await expect(desk.frame.toasts.last()).toContainText('too large.bin');
	await expect(desk.composer.attachment('too large.bin')).toHaveCount(0);
	await expect(desk.composer.subject).toHaveValue('Large');
	await rm(folder, { recursive: true });
});

for (const store of ['columns', 'packs', 'registers', 'meta'] as const) {
	test(`[X-offline-a] spoiled ${store} on the device are rebuilt from the server, and pending work is kept`, async ({
		desk,
		office,
		me,
		page
	}) => {
		await office.receive(me, { subject: 'One' }, { subject: 'Two' });
		await desk.list.expectSubjects(['Two', 'One']);
		await desk.list.act('One', 'flag');
		await desk.expectSynced();
		await desk.expectInstalled();
		await office.server.stop();
		await desk.sync.expectState('offline');
		await desk.list.act('Two', 'star');
		await desk.list.expectMarked('Two', 'starred');
		await desk.frame.compose();
		await desk.composer.subject.fill('Not yet sent');
		await desk.composer.write('Only here.');
		await desk.composer.expectSavedHere();
		await desk.spoil(store);

		await office.server.start();
		await page.goto('/mail/inbox');
		// The app may load anew by itself meanwhile.
		await expect(desk.list.row('Two')).toBeVisible();
		await desk.expectSynced();
		await desk.list.expectSubjects(['Two', 'One']);
		await desk.list.expectMarked('Two', 'starred');
		await desk.list.expectMarked('One', 'flagged');
		await desk.frame.openFolder('drafts');
		await desk.drafts.open('Not yet sent');
		await expect(desk.composer.body).toHaveText('Only here.');
		const server = await office.mailboxOf(me);
		const states = await server.states();
		expect(states.find(({ subject }) => subject === 'Two')?.keywords).toEqual(['$important']);
	});
}

test('[2.1.1-a] a letter of nearly 50 MB arrives and opens, and its file can be saved', async ({
	desk,
	office,
	me
}) => {
	const content = Buffer.alloc(35_000_000, 'all work and no play ');
	await office.receive(me, { subject: 'Very large', attachments: [{ filename: 'large.bin', content }] });
	await expect(desk.list.row('Very large')).toBeVisible({ timeout: 20_000 });
	await desk.list.open('Very large');
	await expect(desk.letter.text).toContainText('About Very large.');
	const saved = await desk.readDownload(await desk.letter.download('large.bin'));
	expect(saved.equals(content)).toBe(true);
});

test('[2.1.1-a] a letter of a thousand parts opens', async ({ desk, office, me }) => {
	const part = (number: number) =>
		`--part\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="file ${number}.txt"\r\n\r\n${number}\r\n`;
	const parts = Array.from({ length: 1000 }, (_, number) => part(number)).join('');
	const head =
		'From: a@outside.example\r\nSubject: Thousand parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n';
	await office.receiveRaw(
		me,
		Buffer.from(`${head}--part\r\nContent-Type: text/plain\r\n\r\nThe words.\r\n${parts}--part--\r\n`)
	);
	await desk.list.open('Thousand parts');
	await expect(desk.letter.text).toContainText('The words.');
	await expect(desk.letter.attachment('file 3.txt')).toBeVisible();
});

test('[2.1.1-a] a letter with no header at all is kept and shown', async ({ desk, office, me }) => {
	await office.receiveRaw(me, Buffer.from('\r\nOnly words, no header.\r\n'));
	await expect(desk.list.rows).toHaveCount(1);
	await desk.list.rows.first().click();
	await expect(desk.letter.text).toContainText('Only words, no header.');
});

test('[2.3.1-a] a letter without a recipient, or without a subject, asks before it is lost', async ({
	desk,
	office
}) => {
	const outside = office.newStranger();
	await desk.frame.compose();
	await desk.composer.write('To nobody yet.');
	await desk.composer.send();
	await desk.frame.answerQuestion('no');
	await desk.composer.subject.fill('Now with a subject');
	await desk.composer.send();
	await expect(desk.composer.problems.first()).toBeVisible();
	await desk.composer.address('to', outside);
	await desk.composer.send();
	const sunk = await office.sink.letter(({ to }) => to.includes(outside));
	expect((await readLetter(sunk.raw)).subject).toBe('Now with a subject');
});

test('[X-offline-a] a part of the app that can’t be fetched is told, and a reload mends it', async ({
	deskOf,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Kept' });
	const desk = await deskOf(me, { serviceWorkers: 'block' });
	await desk.list.open('Kept');
	await desk.page.route('**/_app/**', (route) => route.abort());
	await desk.press('v');
	const notice = desk.page.getByRole('alert').filter({ hasText: desk.words.partMissing });
	await expect(notice).toBeVisible();
	await desk.page.unroute('**/_app/**');
	const loaded = desk.page.waitForEvent('load');
	await notice.getByRole('button').click();
	await loaded;
	await expect(notice).toBeHidden();
	await desk.letter.expectSubject('Kept');
	await desk.expectSynced();
	await desk.press('v');
	await expect(desk.page.getByRole('menu')).toBeVisible();
});
