import type { Office } from '../lab/office.ts';
import type { Person } from '../lab/people.ts';
import { expect, test } from './scenario.ts';

/** What the server holds of a person's letter. */
async function onServer(office: Office, person: Person, subject: string) {
	const device = await office.mailboxOf(person);
	return async () => (await device.states()).find((state) => state.subject === subject);
}

test('[2.2.6-a] read or unread, important and red flag are set and cleared, here and on the server', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Budget' }, { subject: 'Newer' });
	await desk.list.open('Budget');
	await desk.letter.expectSubject('Budget');
	await desk.list.expectNotMarked('Budget', 'unread');

	await desk.letter.act('star');
	await desk.list.expectMarked('Budget', 'starred');
	await desk.letter.act('flag');
	await desk.list.expectMarked('Budget', 'flagged');
	await desk.letter.act('unread');
	await desk.list.expectMarked('Budget', 'unread');
	await desk.expectSynced();
	const state = await onServer(office, me, 'Budget');
	await expect.poll(async () => (await state())?.keywords).toEqual(['$flagged', '$important']);

	await desk.list.open('Newer');
	await desk.letter.expectSubject('Newer');
	await desk.list.open('Budget');
	await desk.letter.act('unstar');
	await desk.letter.act('unflag');
	await desk.list.expectNotMarked('Budget', 'starred');
	await desk.list.expectNotMarked('Budget', 'flagged');
	await desk.expectSynced();
	await expect.poll(async () => (await state())?.keywords).toEqual(['$seen']);
});

test('[2.2.6-a] marks are still there after a reload', async ({ desk, office, me, page }) => {
	await office.receive(me, { subject: 'Marked' });
	await desk.list.act('Marked', 'star');
	await desk.list.act('Marked', 'flag');
	await desk.list.expectMarked('Marked', 'flagged');
	await page.reload();
	await desk.list.expectMarked('Marked', 'starred');
	await desk.list.expectMarked('Marked', 'flagged');
	await desk.list.expectMarked('Marked', 'unread');
});

test('[2.2.7-a] a letter is moved from the toolbar and from its menu, and undo brings it back', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'To the archive' }, { subject: 'Stays' });
	await desk.list.open('To the archive');
	await desk.letter.moveTo('archive');
	await desk.list.expectSubjects(['Stays']);
	await desk.frame.openFolder('archive');
	await desk.list.expectSubjects(['To the archive']);
	await desk.frame.undo();
	await expect(desk.list.rows).toHaveCount(0);

	await desk.frame.openFolder('inbox');
	await desk.list.expectSubjects(['Stays', 'To the archive']);
	await desk.list.moveFromMenu('Stays', 'junk');
	await desk.list.expectSubjects(['To the archive']);
	await desk.expectSynced();
	const state = await onServer(office, me, 'Stays');
	await expect.poll(async () => (await state())?.mailbox).toBe('junk');
});

test('[2.2.7-a] steps are taken back one after the other, and nothing is said to be undone that was not', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Moved twice' });
	await desk.list.expectSubjects(['Moved twice']);
	await desk.list.moveFromMenu('Moved twice', 'archive');
	await expect(desk.list.rows).toHaveCount(0);
	await desk.frame.openFolder('archive');
	await desk.list.act('Moved twice', 'delete');
	await expect(desk.list.rows).toHaveCount(0);
	// While the pointer rests on them they do not go by themselves.
	await desk.frame.toasts.first().hover();
	await desk.press('z');
	await desk.list.expectSubjects(['Moved twice']);
	await expect(desk.frame.toasts.filter({ hasText: desk.words.undone })).toHaveCount(1);
	await expect(desk.frame.toasts).toHaveCount(2);
	await desk.press('z');
	await expect(desk.list.rows).toHaveCount(0);
	await expect(desk.frame.toasts).toHaveCount(1);
	await expect(desk.frame.toasts).toContainText(desk.words.undone);
	await desk.frame.openFolder('inbox');
	await desk.list.expectSubjects(['Moved twice']);
	await desk.press('z');
	await expect(desk.frame.toasts.last()).toContainText(desk.words.nothingToUndo);
});

test('[2.1.4-a] [2.2.5-a] a deleted letter lies in Trash, the next one is shown, undo brings it back', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Third' }, { subject: 'Second' }, { subject: 'First' });
	await desk.list.expectSubjects(['First', 'Second', 'Third']);
	await desk.list.open('Second');
	await desk.letter.expectSubject('Second');
	await desk.letter.act('delete');
	await desk.letter.expectSubject('Third');
	await desk.list.expectSubjects(['First', 'Third']);

	await desk.frame.undo();
	await desk.list.expectSubjects(['First', 'Second', 'Third']);

	await desk.list.act('First', 'delete');
	await desk.list.expectSubjects(['Second', 'Third']);
	await desk.frame.openFolder('trash');
	await desk.list.expectSubjects(['First']);
	await desk.expectSynced();
	const state = await onServer(office, me, 'First');
	await expect.poll(async () => (await state())?.mailbox).toBe('trash');
});

test('[2.1.4-a] deleting for good asks first, and then the letter is gone here and on the server', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Never again' });
	await desk.list.act('Never again', 'delete');
	await desk.frame.openFolder('trash');
	await desk.list.act('Never again', 'purge');
	await desk.frame.answerQuestion('no');
	await desk.list.expectSubjects(['Never again']);
	await desk.list.act('Never again', 'purge');
	await desk.frame.answerQuestion('yes');
	await expect(desk.list.rows).toHaveCount(0);
	await desk.expectSynced();
	const state = await onServer(office, me, 'Never again');
	await expect.poll(state).toBeUndefined();
});

test('[2.1.6-a] [2.1.7-a] done and important are views over all folders', async ({ desk, office, me }) => {
	await office.receive(me, { subject: 'Signed contract' }, { subject: 'Open question' });
	await desk.list.act('Signed contract', 'star');
	await desk.list.act('Signed contract', 'done');
	await desk.list.expectMarked('Signed contract', 'done');
	await desk.list.open('Signed contract');
	await desk.letter.moveTo('archive');

	await desk.frame.openFolder('important');
	await desk.list.expectSubjects(['Signed contract']);
	await desk.frame.openFolder('done');
	await desk.list.expectSubjects(['Signed contract']);
	await desk.list.act('Signed contract', 'delete');
	await expect(desk.list.rows).toHaveCount(0);
	await desk.frame.openFolder('important');
	await expect(desk.list.rows).toHaveCount(0);
});

test('[2.1.1-b] a selection is starred, marked done, moved and deleted as one, and undone as one', async ({
	desk,
	office,
	me
}) => {
	const subjects = ['Five', 'Four', 'Three', 'Two', 'One'];
	await office.receive(me, ...subjects.toReversed().map((subject) => ({ subject })));
	await desk.list.expectSubjects(subjects);
	await desk.list.select('Five');
	await desk.list.select('Three');
	await desk.list.select('One');
	await desk.list.actOnSelection('star');
	for (const subject of ['Five', 'Three', 'One']) await desk.list.expectMarked(subject, 'starred');
	for (const subject of ['Four', 'Two']) await desk.list.expectNotMarked(subject, 'starred');
	await desk.list.actOnSelection('read');
	await desk.list.expectNotMarked('Three', 'unread');
	await desk.list.expectMarked('Two', 'unread');

	await desk.list.actOnSelection('delete');
	await desk.list.expectSubjects(['Four', 'Two']);
	await desk.frame.undo();
	await desk.list.expectSubjects(subjects);

	await desk.list.chooseKind('unread');
	await desk.list.actOnSelection('done');
	await desk.frame.openFolder('done');
	await desk.list.expectSubjects(['Four', 'Two']);
});

test('[2.1.1-b] undo takes back the latest action, also one that is still being written', async ({
	desk,
	office,
	me,
	page
}) => {
	await office.receive(me, { subject: 'Second' }, { subject: 'First' });
	await desk.list.expectSubjects(['First', 'Second']);
	await desk.press('j');
	await desk.press('s');
	await desk.list.expectMarked('First', 'starred');
	await page.evaluate(() => {
		for (const key of ['f', 'z'])
			document.body.dispatchEvent(
				new KeyboardEvent('keydown', {
					key: key === 'f' ? 'F' : key,
					code: `Key${key.toUpperCase()}`,
					shiftKey: key === 'f',
					bubbles: true
				})
			);
	});
	await expect(page.getByText(desk.words.undone)).toBeVisible();
	await desk.list.expectMarked('First', 'starred');
	await desk.list.expectNotMarked('First', 'flagged');
});

test('[2.1.1-b] the keyboard reads and files: j k o u e # s x c r a f ?', async ({ desk, office, me }) => {
	await office.receive(me, { subject: 'Gamma' }, { subject: 'Beta' }, { subject: 'Alpha' });
	await desk.list.expectSubjects(['Alpha', 'Beta', 'Gamma']);
	await desk.press('j');
	await expect(desk.list.current).toContainText('Alpha');
	await desk.press('j');
	await expect(desk.list.current).toContainText('Beta');
	await desk.press('k');
	await expect(desk.list.current).toContainText('Alpha');
	await desk.press('s');
	await desk.list.expectMarked('Alpha', 'starred');
	await desk.press('e');
	await desk.list.expectMarked('Alpha', 'done');

	await desk.press('j');
	await desk.press('o');
	await desk.letter.expectSubject('Beta');
	await desk.press('j');
	await desk.letter.expectSubject('Gamma');
	await desk.press('k');
	await desk.letter.expectSubject('Beta');
	await desk.press('#');
	await desk.letter.expectSubject('Gamma');
	await desk.list.expectSubjects(['Alpha', 'Gamma']);
	await desk.press('u');
	await expect(desk.letter.pane).toBeHidden();

	await desk.press('x');
	await expect(desk.list.selectionBar).toBeVisible();
	await desk.press('x');
	await expect(desk.list.selectionBar).toBeHidden();

	await desk.press('?');
	await expect(desk.frame.keyboardMap).toBeVisible();
	await desk.press('Escape');
	await expect(desk.frame.keyboardMap).toBeHidden();
});

test('[2.2.3-a] [2.2.4-a] the keys c r a f start a letter, and no letter is started by typing one', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'Question', cc: 'third@outside.example' });
	await desk.list.open('Question');
	await desk.letter.expectSubject('Question');
	await desk.press('r');
	await expect(desk.composer.subject).toHaveValue('Re: Question');
	await expect(desk.composer.people('to')).toHaveCount(1);
	await desk.composer.type('crafty #e?');
	await expect(desk.composer.body).toHaveText('crafty #e?');
	await expect(desk.frame.tabs).toHaveCount(2);
	await desk.composer.discard();

	await desk.list.open('Question');
	await desk.press('a');
	await expect(desk.composer.people('cc')).toHaveCount(1);
	await desk.composer.discard();
	await desk.list.open('Question');
	await desk.press('f');
	await expect(desk.composer.subject).toHaveValue('Fwd: Question');
	await expect(desk.composer.people('to')).toHaveCount(0);
	await desk.composer.discard();
	await desk.press('c');
	await expect(desk.composer.subject).toHaveValue('');
});
