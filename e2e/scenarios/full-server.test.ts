import { randomBytes } from 'node:crypto';
import { composeLetter } from '../lab/compose.ts';
import { readLetter } from '../lab/read-letter.ts';
import { sendLetter } from '../outside/send.ts';
import { expect, test } from './scenario.ts';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(120_000);
test.use({ officeOptions: { diskBytes: 64 << 20 } });

test('[X-offline-a] [2.3.7-a] a server without room says so to everybody, and takes everything once when it has room', async ({
	desk,
	office,
	me
}) => {
	const outside = office.newStranger();
	const content = randomBytes(90_000);
	await office.receive(me, { subject: 'First' }, { subject: 'Second' });
	await desk.list.expectSubjects(['Second', 'First']);
	await office.server.fillDisk();

	await test.step('what is done here is kept here, and said to wait', async () => {
		await desk.list.act('First', 'star');
		await desk.sync.expectState('serverFull');
		await desk.list.expectMarked('First', 'starred');
		await desk.frame.compose();
		await desk.composer.address('to', outside);
		await desk.composer.subject.fill('To a full server');
		await desk.composer.write('Word for word.');
		await desk.composer.attach({ name: 'order.bin', mimeType: 'application/octet-stream', buffer: content });
		await desk.composer.expectSavedHere();
		await desk.composer.send();
		await expect(desk.composer.screen).toBeHidden();
		await desk.sync.open();
		await expect(desk.sync.letter('To a full server')).toBeVisible();
		await desk.sync.close();
		await desk.sync.expectState('serverFull');
	});

	await test.step('mail servers are told to come again', async () => {
		const raw = await composeLetter({
			from: 'Lin Wei <lin.wei@outside.example>',
			to: me.address,
			subject: 'Third',
			text: 'x'
		});
		const sending = sendLetter(office.server.ports.smtp, {
			from: 'lin.wei@outside.example',
			to: [me.address],
			raw
		});
		await expect(sending).rejects.toMatchObject({ responseCode: 452 });
	});

	await office.server.freeDisk();

	await test.step('there is room again: everything is handed over, once', async () => {
		await desk.expectSynced();
		const letter = await office.sink.letter(({ to }) => to.includes(outside));
		const read = await readLetter(letter.raw);
		expect(read.text).toContain('Word for word.');
		expect(read.attachments.map((file) => file.content.equals(content))).toEqual([true]);
		await office.receive(me, { subject: 'Third' });
		await desk.frame.openFolder('inbox');
		await desk.list.expectSubjects(['Third', 'Second', 'First']);
		await desk.list.expectMarked('First', 'starred');
		await office.server.untilQueueIsEmpty();
		expect(office.sink.letters.filter(({ to }) => to.includes(outside))).toHaveLength(1);
		await desk.page.reload();
		await desk.expectSynced();
		await desk.list.expectMarked('First', 'starred');
	});
});
