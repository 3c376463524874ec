import { randomBytes } from 'node:crypto';
import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(120_000);

test('[X-offline-a] [X-sync-a] a whole day with no server, from a cold start, and nothing is lost or sent twice', async ({
	office,
	computer,
	me,
	colleague
}) => {
	const outside = office.newStranger();
	const content = randomBytes(120_000);
	await office.receive(
		me,
		{ subject: 'Old one' },
		{ subject: 'To be deleted' },
		{ subject: 'To be filed' },
		{
			from: `Huang Min <${outside}>`,
			to: `${me.address}, ${colleague.address}`,
			subject: 'Offer until tonight',
			html: '<p>Please <em>answer</em> today.</p>',
			messageId: 'offer-1@outside.example'
		}
	);

	const laptop = await computer();
	await test.step('install, sign in, and let the letters come', async () => {
		const desk = new Desk(await (await laptop.browser()).newPage(), 'en');
		await desk.signIn.open();
		await desk.signIn.signIn(me);
		await desk.list.expectSubjects(['Offer until tonight', 'To be filed', 'To be deleted', 'Old one']);
		await desk.expectInstalled();
		await desk.expectSynced();
		await desk.expectLettersHeld(4);
	});

	await office.server.stop();
	await laptop.closeBrowser();

	await test.step('open it with the server gone: read, mark, move, delete', async () => {
		const desk = new Desk(await (await laptop.browser()).newPage(), 'en');
		await desk.page.goto('/');
		await desk.list.expectSubjects(['Offer until tonight', 'To be filed', 'To be deleted', 'Old one']);
		await desk.sync.expectState('offline');
		await desk.list.open('Offer until tonight');
		await expect(desk.letter.html().locator('em')).toHaveText('answer');
		await desk.letter.act('star');
		await desk.list.expectMarked('Offer until tonight', 'starred');
		await desk.list.open('To be filed');
		await desk.letter.moveTo('archive');
		await desk.list.act('To be deleted', 'delete');
		await desk.list.expectSubjects(['Offer until tonight', 'Old one']);
	});

	await test.step('write a reply with a file and send it', async () => {
		const desk = new Desk(await (await laptop.browser()).newPage(), 'en');
		await desk.page.goto('/mail/important');
		await desk.list.expectSubjects(['Offer until tonight']);
		await desk.list.open('Offer until tonight');
		await desk.letter.act('replyAll');
		await desk.composer.write('We take it, the signed order is here.');
		await desk.composer.attach({ name: 'order.bin', mimeType: 'application/octet-stream', buffer: content });
		await expect(desk.composer.attachment('order.bin')).toBeVisible();
		await desk.composer.send();
		await expect(desk.composer.screen).toBeHidden();
	});

	await laptop.closeBrowser();

	await test.step('open it again, at a deep link: everything is there, and said honestly', async () => {
		const desk = new Desk(await (await laptop.browser()).newPage(), 'en');
		await desk.page.goto('/mail/archive');
		await desk.list.expectSubjects(['To be filed']);
		await desk.frame.openFolder('trash');
		await desk.list.expectSubjects(['To be deleted']);
		await desk.frame.openFolder('inbox');
		await desk.list.expectMarked('Offer until tonight', 'starred');
		await desk.list.expectNotMarked('Offer until tonight', 'unread');
		await desk.sync.expectState('offline');
		await desk.sync.open();
		await expect(desk.sync.letter('Re: Offer until tonight')).toContainText(desk.words.waiting);
		await expect(desk.sync.popover).toContainText(desk.words.pendingMove('archive'));
		await expect(desk.sync.popover).toContainText(desk.words.pendingMove('trash'));
		await expect(desk.sync.popover).toContainText(desk.words.pendingStar);
		await desk.sync.close();

		await office.server.start();
		await desk.sync.retry();
		await desk.expectSynced();
		await desk.sync.open();
		await expect(desk.sync.letter('Re: Offer until tonight')).toContainText(desk.words.delivered, {
			timeout: 20_000
		});
	});

	await test.step('the reply came once outside and once inside, with its bytes; every mark is on the server', async () => {
		const sunk = office.sink.letters.filter(({ to }) => to.includes(outside));
		expect(sunk).toHaveLength(1);
		const read = await readLetter(sunk[0]?.raw ?? Buffer.alloc(0));
		expect(read.inReplyTo).toBe('<offer-1@outside.example>');
		expect(read.text).toContain('We take it, the signed order is here.');
		expect(read.attachments.map(({ content: bytes }) => bytes.equals(content))).toEqual([true]);

		const theirs = await office.mailboxOf(colleague);
		const replies = (await theirs.messages()).filter(
			({ summary }) => summary.subject === 'Re: Offer until tonight'
		);
		expect(replies).toHaveLength(1);
		const inside = await readLetter(await theirs.raw(replies[0]?.arrival ?? -1));
		expect(inside.messageId).toBe(read.messageId);
		expect(inside.attachments[0]?.content.equals(content)).toBe(true);

		const mine = await office.mailboxOf(me);
		const states = await mine.states();
		const of = (subject: string) => states.find((state) => state.subject === subject);
		// What left the list gave way to the next letter, which was read thereby.
		expect(of('Offer until tonight')?.keywords).toEqual(['$answered', '$important', '$seen']);
		expect(of('To be filed')).toMatchObject({ mailbox: 'archive', keywords: ['$seen'] });
		expect(of('To be deleted')).toMatchObject({ mailbox: 'trash', keywords: ['$seen'] });
		expect(of('Old one')).toMatchObject({ mailbox: 'inbox', keywords: ['$seen'] });
		expect(of('Re: Offer until tonight')).toMatchObject({ mailbox: 'sent' });
	});
});

test('[X-offline-a] a letter written with no network is called back before it ever left', async ({
	desk,
	office
}) => {
	const outside = office.newStranger();
	await desk.expectInstalled();
	await office.server.stop();
	await desk.sync.expectState('offline');
	await desk.frame.compose();
	await desk.composer.address('to', outside);
	await desk.composer.subject.fill('Second thoughts');
	await desk.composer.send();
	await desk.frame.callBack();
	await expect(desk.composer.subject).toHaveValue('Second thoughts');
	await desk.composer.subject.fill('After all');
	await desk.composer.send();
	await office.server.start();
	await desk.sync.retry();
	const sunk = await office.sink.letter(({ to }) => to.includes(outside));
	expect((await readLetter(sunk.raw)).subject).toBe('After all');
	await desk.expectSynced();
	expect(office.sink.letters.filter(({ to }) => to.includes(outside))).toHaveLength(1);
});

test('[X-offline-a] the app starts at an address it never showed, with the server gone', async ({
	desk,
	office,
	me,
	page
}) => {
	await office.receive(me, { subject: 'Kept here' });
	await desk.list.expectSubjects(['Kept here']);
	await desk.expectInstalled();
	await desk.expectLettersHeld(1);
	await office.server.stop('SIGKILL');
	await page.goto('/mail/inbox/t/0');
	await desk.letter.expectSubject('Kept here');
	await expect(desk.letter.text).toContainText('About Kept here.');
	await page.goto('/mail/done');
	await expect(desk.frame.folder('done')).toHaveAttribute('aria-current', 'page');
});

test('[X-sync-a] [X-offline-a] an app that starts with no network says so at once, and nothing else before', async ({
	desk,
	page
}) => {
	await desk.expectInstalled();
	const said = await desk.sync.writeDown();
	await page.context().setOffline(true);
	await page.reload();
	await desk.sync.expectState('offline');
	expect((await said()).filter((name) => !desk.words.link.offline.test(name))).toEqual([]);
	await page.context().setOffline(false);
	await desk.sync.expectState('synced');
});
