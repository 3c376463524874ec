/**
 * What is measured inside the page. "To paint" ends with the frame before whose painting the condition was seen to
 * be true: a message posted in its requestAnimationFrame, as near to the screen as a page can see.
 */
import type { Page } from '@playwright/test';

declare global {
	interface Window {
		/** Times of `performance.now()` at which read-write transactions of IndexedDB have completed. */
		hongyanCommits: number[];
		/** When the first list row was painted, by `performance.now()`. */
		hongyanFirstRow: Promise<number>;
		/** When the first list row that the running app made was painted, by `performance.now()`. */
		hongyanFirstLiveRow: Promise<number>;
		/** When the first frame that shows the condition as true was painted, by `performance.now()`. */
		hongyanPainted: (condition: () => boolean) => Promise<number>;
	}
}

/** Installs the observers before anything of the page runs. */
export async function observePage(page: Page): Promise<void> {
	await page.addInitScript(() => {
		window.hongyanCommits = [];
		window.hongyanPainted = (condition) =>
			new Promise((resolve) => {
				const look = () => {
					if (!condition()) {
						requestAnimationFrame(look);
						return;
					}
					const channel = new MessageChannel();
					channel.port1.onmessage = () => {
						channel.port1.close();
						resolve(performance.now());
					};
					channel.port2.postMessage(null);
				};
				requestAnimationFrame(look);
			});
		const begin = IDBDatabase.prototype.transaction;
		IDBDatabase.prototype.transaction = function (
			this: IDBDatabase,
			...parameters: Parameters<typeof begin>
		) {
			const transaction = begin.apply(this, parameters);
			if (transaction.mode === 'readwrite') {
				transaction.addEventListener('complete', () => window.hongyanCommits.push(performance.now()));
			}
			return transaction;
		};
		window.hongyanFirstRow = window.hongyanPainted(
			() => document.querySelector('[role=row] .subject') !== null
		);
		window.hongyanFirstLiveRow = window.hongyanPainted(
			() =>
				document.querySelector('.still') === null && document.querySelector('[role=row] .subject') !== null
		);
	});
}

/** Milliseconds from navigation to the first painted rows of the list. */
export function firstRow(page: Page): Promise<number> {
	return page.evaluate(() => window.hongyanFirstRow);
}

/** Milliseconds from navigation to the first painted rows of the app itself, which took the place of a still. */
export function firstLiveRow(page: Page): Promise<number> {
	return page.evaluate(() => window.hongyanFirstLiveRow);
}

/** What an action in the page is and how one sees that it has happened; both run in the page. */
export interface InPageAction {
	/** Selector of what is clicked; or a key that is pressed on the document. */
	readonly click?: string;
	readonly key?: string;
	/** Scrolls the list to this share of its height instead. */
	readonly scrollTo?: number;
	/** A selector that must match afterwards and did not before… */
	readonly appears?: string;
	/** …or one that must not match any more. */
	readonly disappears?: string;
	/** …or the first row on the screen must be another. */
	readonly otherRows?: boolean;
	/** …or the message that is open must have left the list. */
	readonly openGone?: boolean;
}

/** Milliseconds from the action to its paint, and to the first commit after it (NaN where none came). */
export interface Measured {
	readonly paint: number;
	readonly durable: number;
}

/** Does the action once and measures it. */
export function measureInPage(page: Page, action: InPageAction): Promise<Measured> {
	return page.evaluate(async (wanted) => {
		const grid = document.querySelector<HTMLElement>('[role=grid]');
		const firstVisible = () => {
			const top = grid?.getBoundingClientRect().top ?? 0;
			const rows = [...document.querySelectorAll<HTMLElement>('[role=row]')];
			const row = rows.find((element) => element.getBoundingClientRect().bottom > top + 2);
			return row?.querySelector('.subject') ? row.dataset['arrival'] : undefined;
		};
		const open = () =>
			document.querySelector<HTMLElement>('[role=row][aria-current=true]')?.dataset['arrival'];
		const before = { first: firstVisible(), open: open() };
		const happened = () => {
			if (wanted.appears !== undefined) return document.querySelector(wanted.appears) !== null;
			if (wanted.disappears !== undefined) return document.querySelector(wanted.disappears) === null;
			if (wanted.openGone === true)
				return document.querySelector(`[role=row][data-arrival="${before.open ?? ''}"]`) === null;
			const now = firstVisible();
			return now !== undefined && now !== before.first;
		};
		window.hongyanCommits = [];
		const start = performance.now();
		if (wanted.click !== undefined) document.querySelector<HTMLElement>(wanted.click)?.click();
		if (wanted.key !== undefined) {
			const target = document.activeElement ?? document.body;
			target.dispatchEvent(
				// A keyboard also tells which key it was, and whoever listens wants to know.
				new KeyboardEvent('keydown', {
					key: wanted.key,
					code: `Key${wanted.key.toUpperCase()}`,
					bubbles: true,
					cancelable: true
				})
			);
		}
		if (wanted.scrollTo !== undefined && grid !== null) grid.scrollTop = grid.scrollHeight * wanted.scrollTo;
		const deadline = start + 10_000;
		const end = await window.hongyanPainted(() => happened() || performance.now() > deadline);
		if (!happened()) throw new Error(`did not happen: ${JSON.stringify(wanted)}`);
		const paint = end - start;
		// Only keys write here.
		const patience = wanted.key === undefined ? 0 : performance.now() + 1000;
		await window.hongyanPainted(() => window.hongyanCommits.length > 0 || performance.now() >= patience);
		return { paint, durable: (window.hongyanCommits[0] ?? Number.NaN) - start };
	}, action);
}
