import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showStill } from './shown-still.ts';
import type { Still } from './still.ts';
import { FakeElement, installedPage, type FakePage } from './trial/fake-page.ts';

const html = '<div class="app"></div>';

function stillOf(day = new Date().toDateString()): Still {
	return { version: '7', database: 'mail-1', locale: 'en', path: '/mail/inbox', day, html };
}

let page: FakePage;
let element: FakeElement;

beforeEach(() => {
	page = installedPage();
	element = new FakeElement();
});
afterEach(() => vi.unstubAllGlobals());

describe('a still on the screen', () => {
	it('goes when the app takes its place, which has it then do what was pressed', () => {
		showStill(stillOf(), element.asElement, page.later);
		expect(element.children).toMatchObject([{ className: 'still', innerHTML: html }]);
		page.type('j');
		window.hongyanStill?.release();
		expect(element.children).toEqual([]);
		expect(window.hongyanStill).toBeUndefined();
		page.pass(0);
		expect(page.body.dispatchEvent).toHaveBeenCalledOnce();
		expect(page.type('j').preventDefault).not.toHaveBeenCalled();
	});

	it('[R76] goes after ten seconds in which the app has not come', () => {
		showStill(stillOf(), element.asElement, page.later);
		page.pass(9_999);
		expect(element.children).toHaveLength(1);
		expect(page.type('Enter').preventDefault).toHaveBeenCalled();
		page.pass(1);
		expect(element.children).toEqual([]);
		expect(window.hongyanStill).toBeUndefined();
		expect(page.type('Enter').preventDefault).not.toHaveBeenCalled();
	});

	it('[R76] is not taken away twice', () => {
		showStill(stillOf(), element.asElement, page.later);
		page.type('j');
		window.hongyanStill?.release();
		page.pass(0);
		page.pass(10_000);
		page.pass(0);
		expect(page.body.dispatchEvent).toHaveBeenCalledOnce();
	});

	it.each([
		['today', stillOf(), ['[data-live]']],
		['another day', stillOf('Mon Jan 01 2001'), ['[data-live], time, .heading']]
	])('[R76] says nothing of what it can’t know, taken %s', (_, still, selectors) => {
		const asked = vi.spyOn(FakeElement.prototype, 'querySelectorAll');
		const part = new FakeElement();
		asked.mockReturnValue([part]);
		showStill(still, element.asElement, page.later);
		expect(asked.mock.calls).toEqual([selectors]);
		expect(part.style['visibility']).toBe('hidden');
		asked.mockRestore();
	});
});
