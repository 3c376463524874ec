import { expect, test } from './scenario.ts';

test('[X-keyboard-a] Enter does what the focused link or button does, and opens the row that has the focus', async ({
	desk,
	office,
	me,
	page
}) => {
	await office.receive(me, { subject: 'Second' }, { subject: 'First' });
	await desk.list.expectSubjects(['First', 'Second']);
	await desk.press('F6');
	await desk.press('F6');
	await expect(desk.list.row('First')).toBeFocused();
	await desk.press('Enter');
	await desk.letter.expectSubject('First');

	await desk.frame.folder('trash').focus();
	await desk.press('Enter');
	await page.waitForURL('**/mail/trash');
	await desk.frame.folder('inbox').focus();
	await desk.press('Enter');
	await desk.list.expectSubjects(['First', 'Second']);

	await desk.press('F6');
	await expect(desk.list.row('First')).toBeFocused();
	await desk.press('ArrowDown');
	await expect(desk.list.row('Second')).toBeFocused();
	await desk.press('Enter');
	await desk.letter.expectSubject('Second');

	await desk.sync.button.focus();
	await desk.press('Enter');
	await expect(desk.sync.popover).toBeVisible();
	await desk.press('Escape');
	await expect(desk.sync.popover).toBeHidden();
	await expect(desk.sync.button).toBeFocused();

	await desk.letter.button('star').focus();
	await desk.press('Enter');
	await desk.list.expectMarked('Second', 'starred');

	await desk.letter.button('delete').focus();
	await desk.press('Enter');
	await desk.list.expectSubjects(['First']);
	await desk.frame.undoButton.focus();
	await desk.press('Enter');
	await desk.list.expectSubjects(['First', 'Second']);
});

test('[X-keyboard-a] [2.3.4-a] Enter goes on with the draft that has the focus', async ({ desk }) => {
	await desk.frame.compose();
	await desk.composer.subject.fill('To be finished');
	await desk.composer.expectSaved();
	await desk.frame.openFolder('drafts');
	await desk.drafts.row('To be finished').getByRole('button').first().focus();
	await desk.press('Enter');
	await expect(desk.composer.subject).toHaveValue('To be finished');
});

test('[X-keyboard-a] in a letter Enter opens links and quotes, and the arrows scroll it', async ({
	desk,
	office,
	me
}) => {
	const lines = Array.from({ length: 200 }, (_, line) => `<p>Line ${line}</p>`).join('');
	const quote = '<blockquote type="cite">What was asked</blockquote>';
	await office.receive(
		me,
		{ subject: 'Below' },
		{ subject: 'Long', html: `<a href="mailto:friend@outside.example">Write</a>${lines}${quote}` },
		{ subject: 'Plain', text: 'An answer.\n\n> What was asked\n> in plain words' }
	);
	await desk.list.open('Long');
	const letter = desk.letter.html();
	await letter.getByText('Line 0').click();
	const scrolled = () => desk.letter.scroller.evaluate(({ scrollTop }) => scrollTop);
	await desk.press('ArrowDown');
	await expect.poll(scrolled).toBeGreaterThan(0);
	await desk.letter.expectSubject('Long');

	await letter.locator('summary').focus();
	await desk.press('Enter');
	await expect(letter.getByText('What was asked')).toBeVisible();
	await letter.getByRole('link', { name: 'Write' }).focus();
	await desk.press('Enter');
	await expect(desk.composer.people('to')).toHaveText(/friend@outside\.example/);
	await desk.composer.discard();

	await desk.list.open('Long');
	await desk.list.row('Long').focus();
	await desk.press('F6');
	await desk.press('ArrowDown');
	await expect.poll(scrolled).toBeGreaterThan(0);
	await desk.letter.expectSubject('Long');

	await desk.list.open('Plain');
	await desk.letter.text.locator('summary').focus();
	await desk.press('Enter');
	await expect(desk.letter.text.getByText('in plain words')).toBeVisible();
	await desk.letter.expectSubject('Plain');
});

test.describe('in a low window', () => {
	test.use({ viewport: { width: 1440, height: 500 } });

	test('[X-keyboard-a] the focus goes on to the next row when its row leaves, and stays in the list when it is out of sight', async ({
		desk,
		office,
		me,
		page
	}) => {
		const subjects = Array.from({ length: 14 }, (_, place) => `Letter ${String.fromCharCode(65 + place)}`);
		await office.receive(me, ...subjects.toReversed().map((subject) => ({ subject })));
		await expect(desk.list.row('Letter A')).toBeVisible();
		await desk.press('j');
		await expect(desk.list.row('Letter A')).toBeFocused();
		await desk.press('#');
		await expect(desk.list.row('Letter B')).toBeFocused();
		await expect(desk.list.row('Letter A')).toHaveCount(0);
		await expect(desk.list.current).toContainText('Letter B');

		await desk.press('v');
		await expect(page.getByRole('menu')).toBeVisible();
		await desk.press('a');
		await desk.press('Enter');
		await expect(desk.list.row('Letter C')).toBeFocused();

		await desk.press('Enter');
		await desk.letter.expectSubject('Letter C');
		await desk.press('#');
		await desk.letter.expectSubject('Letter D');
		await expect(desk.list.row('Letter D')).toBeFocused();
		await desk.press('u');

		const list = desk.list.of('inbox');
		await list.hover();
		await page.mouse.wheel(0, 2_000);
		await expect(desk.list.row('Letter N')).toBeVisible();
		await expect(list).toBeFocused();
		await desk.press('ArrowDown');
		await expect(desk.list.row('Letter E')).toBeFocused();
		await desk.frame.folder('trash').focus();
		await desk.press('g');
		await desk.press('i');
		await expect(desk.frame.folder('trash')).toBeFocused();
	});
});

test('[X-keyboard-a] who reads on from within a letter has the focus in the next one', async ({
	desk,
	office,
	me
}) => {
	await office.receive(
		me,
		{ subject: 'Second' },
		{ subject: 'First', html: '<p>Words <a href="mailto:friend@outside.example">here</a></p>' }
	);
	await desk.list.open('First');
	await desk.letter.html().getByRole('link').focus();
	await desk.press('j');
	await desk.letter.expectSubject('Second');
	await expect(desk.letter.scroller).toBeFocused();
});

test('[X-keyboard-a] arrows walk along the tabs, Delete closes one, and the focus stays on them', async ({
	desk
}) => {
	for (const subject of ['Left', 'Right']) {
		await desk.frame.compose();
		await desk.composer.subject.fill(subject);
		await desk.composer.expectSaved();
	}
	await desk.frame.tabs.first().focus();
	await desk.press('ArrowRight');
	await expect(desk.composer.subject).toHaveValue('Left');
	await expect(desk.frame.tab('Left')).toBeFocused();
	await desk.press('ArrowRight');
	await expect(desk.composer.subject).toHaveValue('Right');
	await expect(desk.frame.tab('Right')).toBeFocused();
	await desk.press('Delete');
	await expect(desk.frame.tab('Right')).toHaveCount(0);
	await expect(desk.composer.subject).toHaveValue('Left');
	await expect(desk.frame.tab('Left')).toBeFocused();
	await desk.press('ArrowLeft');
	await expect(desk.composer.screen).toBeHidden();
	await expect(desk.frame.tabs.first()).toBeFocused();

	await desk.frame.tab('Left').click();
	await expect(desk.composer.screen.getByRole('combobox').first()).toBeFocused();
});

test('[X-keyboard-a] letters of a thread are opened and folded again with Enter, and the focus stays there', async ({
	desk,
	office,
	me
}) => {
	for (const place of [1, 2, 3, 4, 5, 6])
		await office.receive(me, {
			subject: place === 1 ? 'Plan' : 'Re: Plan',
			from: `Writer ${place} <writer${place}@outside.example>`,
			messageId: `thread-${me.address}-${place}`,
			...(place === 1 ? {} : { answers: `thread-${me.address}-${place - 1}` })
		});
	await expect(desk.list.rows).toHaveCount(6);
	// What was not read would lie open.
	for (const key of ['*', 'a', 'Shift+I', 'Escape']) await desk.press(key);
	await desk.list.rows.first().click();
	await expect(desk.letter.letters).toHaveCount(1);
	const { pane } = desk.letter;
	await pane.locator('button.more').focus();
	await desk.press('Enter');
	await expect(desk.letter.folded).toHaveCount(5);
	await expect(desk.letter.folded.nth(1)).toBeFocused();

	await desk.press('Enter');
	await expect(desk.letter.letters).toHaveCount(2);
	await expect(desk.letter.letters.first()).toContainText('Writer 2');
	await expect(desk.letter.foldButton(desk.letter.letters.first())).toBeFocused();
	await desk.press('Enter');
	await expect(desk.letter.letters).toHaveCount(1);
	await expect(desk.letter.folded.nth(1)).toBeFocused();
});

test('[X-keyboard-a] what the menu of the person opened gives the focus back to it', async ({ desk }) => {
	await desk.frame.openMenu();
	await desk.frame.menu.getByRole('button', { name: desk.words.keyboardMap }).focus();
	await desk.press('Enter');
	await expect(desk.frame.keyboardMap).toBeVisible();
	await desk.press('Escape');
	await expect(desk.frame.keyboardMap).toBeHidden();
	await expect(desk.frame.menuOpener).toBeFocused();

	await desk.frame.askToSignOut();
	await desk.press('Escape');
	await expect(desk.frame.signOutQuestion).toBeHidden();
	await expect(desk.frame.menuOpener).toBeFocused();
});

test.describe('where the folders lie over the screen', () => {
	test.use({ viewport: { width: 1000, height: 800 } });

	test('[X-keyboard-a] [1.2-a] the panel of folders takes the focus, keeps it, and gives it back', async ({
		desk,
		office,
		me,
		page
	}) => {
		await office.receive(me, { subject: 'Underneath' });
		await desk.list.expectSubjects(['Underneath']);
		const { panelOpener } = desk.frame;
		await panelOpener.focus();
		await desk.press('Enter');
		await expect(desk.frame.folder('inbox')).toBeFocused();
		const panel = page.locator('#navigation');
		for (let times = 0; times < 20; times += 1) {
			await desk.press('Tab');
			await expect(
				page.locator(':focus').and(page.locator('.app *, .skip')).and(panel.locator('*'))
			).toHaveCount(await page.locator('.app :focus, .skip:focus').count());
		}
		await desk.frame.folder('inbox').focus();
		await desk.press('*');
		await desk.press('a');
		await expect(desk.list.selectionBar).toBeHidden();
		await desk.press('Escape');
		await expect(desk.frame.folders).toBeHidden();
		await expect(panelOpener).toBeFocused();

		await desk.press('Enter');
		await expect(desk.frame.folder('inbox')).toBeFocused();
		await desk.press('ArrowDown');
		await expect(desk.frame.folder('important')).toBeFocused();
		await desk.press('Enter');
		await page.waitForURL('**/mail/important');
		await expect(panelOpener).toBeFocused();

		await desk.press('Enter');
		await expect(desk.frame.folder('important')).toBeFocused();
		await page.setViewportSize({ width: 1300, height: 800 });
		await desk.frame.openFolder('inbox');
		await desk.list.open('Underneath');
		await desk.letter.expectSubject('Underneath');
	});
});

test('[X-keyboard-a] [X-a11y-a] buttons of a bar are one stop of Tab, and the arrows walk along them', async ({
	desk
}) => {
	await desk.frame.compose();
	await desk.composer.subject.focus();
	await desk.press('Tab');
	await expect(desk.composer.formatButton('bold')).toBeFocused();
	await desk.press('ArrowRight');
	await expect(desk.composer.formatButton('italic')).toBeFocused();
	await desk.press('Tab');
	await expect(desk.composer.body).toBeFocused();
	await desk.press('Shift+Tab');
	await expect(desk.composer.formatButton('italic')).toBeFocused();
	await desk.press('End');
	await expect(desk.composer.attachButton).toBeFocused();
	await desk.press('ArrowRight');
	await expect(desk.composer.formatButton('bold')).toBeFocused();
});

test('[X-keyboard-a] who sent or discarded a letter has the focus in the list again', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, { subject: 'To be answered', from: office.newStranger() });
	await desk.list.row('To be answered').focus();
	await desk.press('Enter');
	await desk.letter.expectSubject('To be answered');
	await desk.press('r');
	await desk.composer.type('Yes.');
	await desk.press('Control+Enter');
	await expect(desk.list.row('To be answered')).toBeFocused();
	await desk.press('r');
	await expect(desk.composer.body).toBeFocused();
	await desk.composer.discard();
	await expect(desk.list.row('To be answered')).toBeFocused();
});

test('[X-keyboard-a] [2.3.8-a] Escape in the field for a link goes back to the letter', async ({
	desk,
	page
}) => {
	await desk.frame.compose();
	await desk.composer.write('Before');
	await desk.composer.format('link');
	await page.keyboard.type('example');
	await desk.press('Escape');
	await expect(desk.composer.body).toBeFocused();
	await page.keyboard.type(' and after');
	await expect(desk.composer.body).toHaveText('Before and after');
});

test('[2.1.1-b] the keyboard marks and files: x Shift+X Shift+F Shift+I Shift+U ! Shift+Delete', async ({
	desk,
	office,
	me
}) => {
	const subjects = ['Alpha', 'Beta', 'Gamma', 'Delta'];
	await office.receive(me, ...subjects.toReversed().map((subject) => ({ subject })));
	await desk.list.expectSubjects(subjects);
	const expectSelected = async (selected: readonly string[]) => {
		for (const subject of subjects)
			await expect(desk.list.row(subject)).toHaveAttribute('aria-selected', `${selected.includes(subject)}`);
	};
	await desk.press('j');
	await desk.press('x');
	await expectSelected(['Alpha']);
	await desk.press('j');
	await desk.press('j');
	await desk.press('Shift+X');
	await expectSelected(['Alpha', 'Beta', 'Gamma']);
	await desk.press('Shift+I');
	for (const subject of ['Alpha', 'Beta', 'Gamma']) await desk.list.expectNotMarked(subject, 'unread');
	await desk.list.expectMarked('Delta', 'unread');
	await desk.press('Escape');
	await expectSelected([]);
	await expect(desk.list.current).toContainText('Gamma');

	await desk.press('Shift+U');
	await desk.list.expectMarked('Gamma', 'unread');
	await desk.list.expectNotMarked('Beta', 'unread');
	await desk.press('Shift+F');
	await desk.list.expectMarked('Gamma', 'flagged');
	await desk.press('Shift+F');
	await desk.list.expectNotMarked('Gamma', 'flagged');

	await desk.press('!');
	await desk.list.expectSubjects(['Alpha', 'Beta', 'Delta']);
	await expect(desk.list.current).toContainText('Delta');
	await desk.press('Shift+Delete');
	await desk.list.expectSubjects(['Alpha', 'Beta']);
	await expect(desk.list.row('Beta')).toBeFocused();
	await desk.frame.openFolder('junk');
	await desk.list.expectSubjects(['Gamma']);
	await desk.frame.openFolder('trash');
	await desk.list.expectSubjects(['Delta']);
	await desk.press('j');
	await desk.press('Shift+Delete');
	await desk.frame.answerQuestion('yes');
	await expect(desk.list.rows).toHaveCount(0);
});

test('[2.1.1-b] g and a letter lead to the folders, and the key after that means what it means alone', async ({
	desk,
	office,
	me,
	page
}) => {
	await office.receive(me, { subject: 'Alpha' });
	await desk.list.expectSubjects(['Alpha']);
	const places = {
		s: 'sent',
		d: 'drafts',
		t: 'important',
		f: 'followup',
		e: 'done',
		a: 'archive',
		'#': 'trash',
		i: 'inbox'
	} as const;
	for (const [key, folder] of Object.entries(places)) {
		await desk.press('g');
		await desk.press(key);
		await page.waitForURL(`**/mail/${folder}`);
		await expect(desk.frame.folder(folder)).toHaveAttribute('aria-current', 'page');
	}
	await desk.list.expectSubjects(['Alpha']);
	await desk.press('j');
	await desk.press('g');
	await desk.press('i');
	await desk.press('e');
	await desk.list.expectMarked('Alpha', 'done');
	expect(new URL(page.url()).pathname).toBe('/mail/inbox');
});

test('[2.1.1-b] * and a letter select messages of a kind, and u ends the selection', async ({
	desk,
	office,
	me
}) => {
	const subjects = ['Plain', 'Seen', 'Flagged', 'Finished', 'Laden'];
	await office.receive(
		me,
		...subjects.toReversed().map((subject) => ({
			subject,
			attachments: subject === 'Laden' ? [{ filename: 'a.txt', content: new Uint8Array([97]) }] : []
		}))
	);
	await desk.list.expectSubjects(subjects);
	for (const key of ['j', 'j', 'Shift+I', 'j', 'Shift+F', 'j', 'e']) await desk.press(key);
	await desk.list.expectMarked('Finished', 'done');
	const kinds = {
		a: subjects,
		u: ['Plain', 'Flagged', 'Finished', 'Laden'],
		r: ['Seen'],
		f: ['Flagged'],
		d: ['Finished'],
		t: ['Laden']
	};
	for (const [key, selected] of Object.entries(kinds)) {
		await desk.press('*');
		await desk.press(key);
		for (const subject of subjects)
			await expect(desk.list.row(subject)).toHaveAttribute('aria-selected', `${selected.includes(subject)}`);
	}
	await desk.press('*');
	await desk.press('a');
	await desk.press('u');
	await expect(desk.list.selectionBar).toBeHidden();
});

test('[2.1.1-b] a key that is held moves on and on, and acts once', async ({ desk, office, me, page }) => {
	await office.receive(me, { subject: 'Gamma' }, { subject: 'Beta' }, { subject: 'Alpha' });
	await desk.list.expectSubjects(['Alpha', 'Beta', 'Gamma']);
	for (let times = 0; times < 3; times += 1) await page.keyboard.down('j');
	await page.keyboard.up('j');
	await expect(desk.list.current).toContainText('Gamma');
	for (let times = 0; times < 2; times += 1) await page.keyboard.down('s');
	await page.keyboard.up('s');
	await desk.list.expectMarked('Gamma', 'starred');
	for (let times = 0; times < 3; times += 1) await page.keyboard.down('#');
	await page.keyboard.up('#');
	await desk.list.expectSubjects(['Alpha', 'Beta']);
});
