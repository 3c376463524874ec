import { expect, type Locator, type Page } from '@playwright/test';
import type { CommandWord, FolderWord, MarkWord, Words } from './words.ts';

/** The list of a folder's letters. */
export class MessageList {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	/** The whole list of a folder. */
	of(folder: FolderWord): Locator {
		return this.#page.getByRole('grid', { name: this.#words.folders[folder], exact: true });
	}

	/** Every row on the screen. */
	get rows(): Locator {
		return this.#page.getByRole('grid').getByRole('row');
	}

	/** The row of the letter with this subject. */
	row(subject: string): Locator {
		return this.rows.filter({ hasText: subject });
	}

	/** What the folder's head says of its letters, such as `1 unread of 12`. */
	get counts(): Locator {
		return this.#page
			.locator('header')
			.filter({ has: this.#page.getByRole('checkbox') })
			.locator('.counts');
	}

	/** The row the keyboard is on. */
	get current(): Locator {
		return this.#page.locator('[role=row].current');
	}

	/** Opens the letter with this subject with a click. */
	async open(subject: string): Promise<void> {
		await this.row(subject).click();
	}

	/** Waits until the list shows these subjects, from the top; also where the app loads anew meanwhile. */
	async expectSubjects(subjects: readonly string[]): Promise<void> {
		await expect(async () => {
			expect(await this.subjects()).toEqual(subjects);
		}).toPass({ timeout: 15_000 });
	}

	/** The subjects on the screen, from the top. */
	async subjects(): Promise<string[]> {
		const rows = await this.rows.evaluateAll((elements) =>
			elements
				.map((row) => ({
					place: Number(row.getAttribute('aria-rowindex')),
					subject: row.querySelector('.subject')?.textContent ?? ''
				}))
				.sort((left, right) => left.place - right.place)
		);
		return rows.map(({ subject }) => subject);
	}

	/** Waits until the row says of itself that it is marked so. */
	async expectMarked(subject: string, mark: MarkWord): Promise<void> {
		await expect(this.row(subject)).toHaveAccessibleName(this.#words.marks[mark]);
	}

	/** Waits until the row says nothing of that mark. */
	async expectNotMarked(subject: string, mark: MarkWord): Promise<void> {
		await expect(this.row(subject)).not.toHaveAccessibleName(this.#words.marks[mark]);
	}

	/** Presses one of the buttons that lie over a row when the pointer is on it. */
	async act(subject: string, action: CommandWord): Promise<void> {
		const row = this.row(subject);
		const button = row.getByRole('button', { name: this.#words.commands[action], exact: true });
		await expect(async () => {
			// Again where another row has come under the pointer meanwhile.
			await row.hover();
			await button.click({ timeout: 3_000 });
		}).toPass({ timeout: 20_000 });
	}

	/** Pulls a row to the left with a finger, off what can be done with it. */
	async pullAside(subject: string): Promise<void> {
		const box = await this.row(subject).boundingBox();
		if (box === null) throw new Error(`${subject} is not on the screen`);
		const session = await this.#page.context().newCDPSession(this.#page);
		const begin = Date.now() / 1000;
		const touch = (type: 'touchStart' | 'touchMove', step: number, pulled: number) =>
			session.send('Input.dispatchTouchEvent', {
				type,
				timestamp: begin + step / 20,
				touchPoints: [{ x: box.x + box.width - 40 - pulled, y: box.y + box.height / 2 }]
			});
		await touch('touchStart', 0, 0);
		// The finger comes to rest before it is lifted, or the browser takes the next tap as the end of a fling.
		for (let step = 1; step <= 12; step += 1) await touch('touchMove', step, Math.min(160, step * 20));
		await session.send('Input.dispatchTouchEvent', {
			type: 'touchEnd',
			timestamp: begin + 1,
			touchPoints: []
		});
		await session.detach();
	}

	/** What a row that was pulled aside uncovers. */
	get uncovered(): Locator {
		return this.#page.locator('[data-uncovered]');
	}

	/** Moves a letter with its row's own menu. */
	async moveFromMenu(subject: string, folder: FolderWord): Promise<void> {
		await this.row(subject).click({ button: 'right' });
		await this.#page.getByRole('menuitem', { name: this.#words.commands.move }).click();
		await this.#page.getByRole('menuitem', { name: this.#words.folders[folder] }).click();
	}

	/** Takes the row into the selection, or out of it. */
	async select(subject: string): Promise<void> {
		const row = this.row(subject);
		await row.hover();
		await row.getByRole('checkbox').click({ force: true });
	}

	/** Selects all letters of a kind in the folder. */
	async chooseKind(kind: keyof Words['kinds']): Promise<void> {
		await this.#page.getByRole('button', { name: this.#words.selectKinds, exact: true }).click();
		await this.#page.getByRole('menuitem', { name: this.#words.kinds[kind] }).click();
	}

	/** What can be done with the selection. */
	get selectionBar(): Locator {
		return this.#page.getByRole('toolbar', { name: this.#words.selectionBar });
	}

	/** Does something with the selection. */
	async actOnSelection(action: CommandWord): Promise<void> {
		await this.selectionBar.getByRole('button', { name: this.#words.commands[action], exact: true }).click();
	}
}
