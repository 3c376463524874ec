import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { notePresses } from './presses.ts';
import { FakeElement, installedPage, type FakePage } from './trial/fake-page.ts';

let page: FakePage;
let doNoted: () => void;

beforeEach(() => {
	page = installedPage();
	doNoted = notePresses(page.later);
});
afterEach(() => vi.unstubAllGlobals());

/** A row's part that is on the still, and the one with the same place in the app. */
function partOfRow(
	arrival: string,
	part?: string
): { readonly old: FakeElement; readonly live: FakeElement } {
	const row = new FakeElement();
	row.dataset['arrival'] = arrival;
	const old = new FakeElement();
	old.found.set('[data-arrival]', [row]);
	if (part !== undefined) old.found.set(part, [new FakeElement()]);
	const live = new FakeElement();
	page.found.set(`[data-arrival="${arrival}"]${part === undefined ? '' : ` ${part}`}`, [live]);
	return { old, live };
}

function link(href: string, words: string): FakeElement {
	const made = new FakeElement('a');
	made.setAttribute('href', href);
	made.textContent = words;
	return made;
}

describe('what is pressed on a still', () => {
	it('[R77] is kept from the page, and done once the app runs', () => {
		const { old, live } = partOfRow('12');
		const event = page.point(old);
		expect(event.preventDefault).toHaveBeenCalled();
		doNoted();
		expect(live.click).not.toHaveBeenCalled();
		page.pass(0);
		expect(live.click).toHaveBeenCalledOnce();
		page.point(old);
		doNoted();
		page.pass(0);
		expect(live.click).toHaveBeenCalledTimes(2);
	});

	it('[R77] is done on the same part of a row', () => {
		const row = partOfRow('12');
		const { old, live } = partOfRow('12', '.choose');
		page.point(old);
		doNoted();
		page.pass(0);
		expect(live.click).toHaveBeenCalledOnce();
		expect(row.live.click).not.toHaveBeenCalled();
	});

	it('[R77] is done on the same link or not at all', () => {
		const gone = link('/mail/sent', 'Sent (3)');
		const old = link('/mail/drafts', 'Drafts');
		for (const one of [gone, old]) one.found.set('a[href], button', [one]);
		const live = [link('/mail/sent', 'Sent'), link('/mail/drafts', 'Drafts')];
		page.found.set('a[href], button', live);
		page.point(gone);
		page.point(old);
		page.point(new FakeElement());
		doNoted();
		page.pass(0);
		expect(live[0]?.click).not.toHaveBeenCalled();
		expect(live[1]?.click).toHaveBeenCalledOnce();
	});

	it('[R77] may be a key, which goes to what has the focus then', () => {
		expect(page.type('j').stopImmediatePropagation).toHaveBeenCalled();
		page.type('Enter');
		doNoted();
		page.pass(0);
		expect(page.body.dispatchEvent.mock.calls.map(([event]) => event.key)).toEqual(['j', 'Enter']);
	});

	it('leaves alone what is meant for the browser', () => {
		for (const event of [page.type('r', { ctrlKey: true }), page.type('Tab')])
			expect(event.preventDefault).not.toHaveBeenCalled();
		doNoted();
		page.pass(0);
		expect(page.body.dispatchEvent).not.toHaveBeenCalled();
	});

	it('only keeps from the page what can’t be done again', () => {
		const { old, live } = partOfRow('12');
		expect(page.point(old, 'contextmenu').preventDefault).toHaveBeenCalled();
		doNoted();
		page.pass(0);
		expect(live.click).not.toHaveBeenCalled();
	});

	it('is noted twenty times', () => {
		for (let press = 0; press < 25; press += 1) page.type('j');
		doNoted();
		page.pass(0);
		expect(page.body.dispatchEvent).toHaveBeenCalledTimes(20);
	});
});
