import { expect, it } from 'vitest';
import type { DocumentId } from '#schema/ids.ts';
import type { DraftHandle } from '#lib/replica/drafts.ts';
import { openWhenHere } from './draft-opening.ts';

const id = 'draft' as DocumentId;

/** Drafts of which one may come later; each `open` waits until the test lets it go on. */
class Shelf {
	isHere = false;
	closed = 0;
	opened = 0;
	tell: () => void = () => undefined;
	#waiting: (() => void)[] = [];

	readonly #handle = { close: () => Promise.resolve(void (this.closed += 1)) } as unknown as DraftHandle;

	async open(): Promise<DraftHandle | undefined> {
		const found = this.isHere ? this.#handle : undefined;
		await new Promise<void>((resolve) => this.#waiting.push(resolve));
		if (found !== undefined) this.opened += 1;
		return found;
	}

	subscribe(listener: () => void): () => void {
		this.tell = listener;
		return () => (this.tell = () => undefined);
	}

	/** Lets every `open` under way end. */
	async goOn(): Promise<void> {
		await new Promise(setImmediate);
		for (const resolve of this.#waiting.splice(0)) resolve();
		await new Promise(setImmediate);
	}
}

function opened(shelf: Shelf) {
	const told: string[] = [];
	const close = openWhenHere(shelf, id, (handle) => told.push(handle === undefined ? 'missing' : 'open'));
	return { told, close };
}

it('[2.3.4-a] a draft that is not here is opened when it comes, and only once', async () => {
	const shelf = new Shelf();
	const { told, close } = opened(shelf);
	await shelf.goOn();
	expect(told).toEqual(['missing']);

	shelf.isHere = true;
	shelf.tell();
	shelf.tell();
	await shelf.goOn();
	shelf.tell();
	await shelf.goOn();
	expect(told).toEqual(['missing', 'open']);
	expect(shelf.opened).toBe(1);
	close();
	await shelf.goOn();
	expect(shelf.closed).toBe(1);
});

it('[2.3.4-a] a draft that comes while it is looked for is found', async () => {
	const shelf = new Shelf();
	const { told } = opened(shelf);
	await new Promise(setImmediate);
	shelf.isHere = true;
	shelf.tell();
	await shelf.goOn();
	await shelf.goOn();
	expect(told).toEqual(['missing', 'open']);
});

it('[2.3.4-a] a draft left while it was being opened is let go of, and nobody is told', async () => {
	const shelf = new Shelf();
	shelf.isHere = true;
	const { told, close } = opened(shelf);
	await new Promise(setImmediate);
	close();
	await shelf.goOn();
	expect(told).toEqual([]);
	expect([shelf.opened, shelf.closed]).toEqual([1, 1]);
});
