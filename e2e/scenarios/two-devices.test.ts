import { readLetter } from '../lab/read-letter.ts';
import { expect, test } from './scenario.ts';
import type { Office } from '../lab/office.ts';
import type { Desk } from '../pages/desk.ts';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(120_000);

/** Takes the network from devices on which the app is installed. */
async function cutOff(office: Office, ...desks: readonly Desk[]): Promise<void> {
	for (const desk of desks) await desk.expectInstalled();
	await office.server.stop();
	for (const desk of desks) await desk.sync.expectState('offline');
}

/** Has two devices meet their server again. */
async function comeBack(...desks: readonly Desk[]): Promise<void> {
	for (const desk of desks) await desk.sync.retry();
	for (const desk of desks) await desk.expectSynced();
}

test('[X-sync-a] [2.2.6-a] [2.2.7-a] two devices, both with no network, change the same letters and agree', async ({
	deskOf,
	office,
	me
}) => {
	await office.receive(
		me,
		{ subject: 'Both mark it' },
		{ subject: 'Both move it' },
		{ subject: 'Only one reads it' }
	);
	const subjects = ['Only one reads it', 'Both move it', 'Both mark it'];
	const [laptop, phone] = [await deskOf(me), await deskOf(me)];
	for (const desk of [laptop, phone]) await desk.list.expectSubjects(subjects);

	await cutOff(office, laptop, phone);
	await laptop.list.act('Both mark it', 'star');
	await laptop.list.expectMarked('Both mark it', 'starred');
	await phone.list.act('Both mark it', 'flag');
	await phone.list.expectMarked('Both mark it', 'flagged');
	await laptop.list.open('Only one reads it');
	await laptop.list.expectNotMarked('Only one reads it', 'unread');
	await laptop.list.moveFromMenu('Both move it', 'archive');
	await laptop.list.expectSubjects(['Only one reads it', 'Both mark it']);
	await phone.list.moveFromMenu('Both move it', 'junk');
	await phone.list.expectSubjects(['Only one reads it', 'Both mark it']);

	await office.server.start();
	await comeBack(laptop, phone);
	for (const desk of [laptop, phone]) {
		await desk.list.expectMarked('Both mark it', 'starred');
		await desk.list.expectMarked('Both mark it', 'flagged');
		await desk.list.expectNotMarked('Only one reads it', 'unread');
		await desk.frame.openFolder('junk');
		await desk.list.expectSubjects(['Both move it']);
		await desk.frame.openFolder('archive');
		await expect(desk.list.rows).toHaveCount(0);
	}
	const server = await office.mailboxOf(me);
	const state = (await server.states()).find(({ subject }) => subject === 'Both move it');
	expect(state?.mailbox).toBe('junk');
});

for (const [words, days, first, last] of [
	['a day ahead', 1, 'wrong', 'right'],
	['a day behind', -1, 'right', 'wrong']
] as const) {
	test(`[X-sync-a] a device whose clock is ${words} neither wins nor loses by it`, async ({
		deskOf,
		office,
		me
	}) => {
		await office.receive(me, { subject: 'Where to?' });
		const wrong = await deskOf(me, {}, days);
		const right = await deskOf(me);
		const desks = { wrong, right };
		for (const desk of [wrong, right]) await desk.list.expectSubjects(['Where to?']);
		await cutOff(office, wrong, right);
		await desks[first].list.moveFromMenu('Where to?', 'archive');
		await expect(desks[first].list.rows).toHaveCount(0);
		await desks[last].list.moveFromMenu('Where to?', 'junk');
		await expect(desks[last].list.rows).toHaveCount(0);
		await office.server.start();
		await comeBack(wrong, right);
		for (const desk of [wrong, right]) {
			await desk.frame.openFolder('junk');
			await desk.list.expectSubjects(['Where to?']);
		}
	});
}

test('[X-offline-a] [X-sync-a] [2.3.4-a] one draft sent from two devices with no network goes once, and the second is told', async ({
	deskOf,
	office,
	me
}) => {
	const outside = office.newStranger();
	const [laptop, phone] = [await deskOf(me), await deskOf(me)];
	await laptop.frame.compose();
	await laptop.composer.address('to', outside);
	await laptop.composer.subject.fill('Sent once');
	await laptop.composer.write('The one text.');
	await laptop.composer.expectSaved();
	await phone.frame.openFolder('drafts');
	await phone.drafts.open('Sent once');
	await expect(phone.composer.body).toHaveText('The one text.');
	await phone.expectSynced();

	await cutOff(office, laptop, phone);
	await laptop.composer.send();
	await expect(laptop.composer.screen).toBeHidden();
	await phone.composer.write('Another beginning. ');
	await phone.composer.send();
	await expect(phone.composer.screen).toBeHidden();

	await phone.page.context().setOffline(true);
	await office.server.start();
	await laptop.sync.retry();
	await laptop.sync.open();
	await expect(laptop.sync.letter('Sent once')).toContainText(laptop.words.delivered, { timeout: 45_000 });
	await phone.page.context().setOffline(false);
	await phone.sync.retry();
	await phone.sync.expectState('attention');
	await phone.sync.open();
	await expect(phone.sync.letter('Sent once').filter({ hasText: phone.words.alreadySent })).toBeVisible();

	const sunk = office.sink.letters.filter(({ to }) => to.includes(outside));
	expect(sunk).toHaveLength(1);
	const read = await readLetter(sunk[0]?.raw ?? Buffer.alloc(0));
	expect(read.text.trim()).toBe('The one text.');

	// What needs attention does not hide that the connection is gone.
	await office.server.stop();
	await phone.sync.close();
	await phone.sync.expectState('offline');
	await phone.frame.compose();
	await phone.composer.address('to', outside);
	await phone.composer.subject.fill('Sent later');
	await phone.composer.send();
	await expect(phone.frame.toasts.last()).toContainText(phone.words.sentLater);
});

test('[X-sync-b] a draft open on two devices is written on both at once', async ({ deskOf, me }) => {
	const [laptop, phone] = [await deskOf(me), await deskOf(me)];
	await laptop.frame.compose();
	await laptop.composer.subject.fill('Together');
	await laptop.composer.write('From the laptop.');
	await laptop.composer.expectSaved();
	await phone.frame.openFolder('drafts');
	await phone.drafts.open('Together');
	await expect(phone.composer.body).toHaveText('From the laptop.');
	await phone.composer.body.press('Control+End');
	await phone.composer.body.pressSequentially(' From the phone.');
	await expect(laptop.composer.body).toHaveText('From the laptop. From the phone.');
});
