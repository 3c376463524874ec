import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beginApp } from './begin-app.ts';
import { FakeElement, installedPage, type FakePage } from './trial/fake-page.ts';

let page: FakePage;
let element: FakeElement;
const run = vi.fn();

beforeEach(() => {
	page = installedPage();
	element = new FakeElement();
	run.mockClear();
});
afterEach(() => vi.unstubAllGlobals());

/** Begins the app, and gives the script that holds it as soon as it is asked for. */
function begin(locale: 'en' | 'zh-CN' = 'en'): FakeElement | undefined {
	beginApp({ element: element.asElement, version: '7', script: '/start.js', run }, locale, page.later);
	return page.head.children[0];
}

function keepStill(): void {
	const still = { version: '7', database: 'mail-1', locale: 'en', path: '/mail/inbox', day: '', html: '' };
	page.kept?.set('hongyan.database', still.database);
	page.kept?.set('hongyan.still', JSON.stringify(still));
}

describe('the app', () => {
	it('is loaded at once where there is no still, and run when it is there', () => {
		const script = begin();
		expect(script).toMatchObject({ localName: 'script', src: '/start.js' });
		expect(run).not.toHaveBeenCalled();
		script?.onload?.();
		expect(run).toHaveBeenCalledOnce();
	});

	it('begins with the inbox', () => {
		begin();
		expect(page.history.replaceState).not.toHaveBeenCalled();
		Object.assign(page.location, { pathname: '/', search: '?a' });
		begin();
		expect(page.history.replaceState).toHaveBeenCalledWith(null, '', '/mail/inbox?a');
	});

	it('is loaded after the still was painted', async () => {
		keepStill();
		expect(begin()).toBeUndefined();
		expect(element.children).toHaveLength(1);
		page.paint();
		expect(page.head.children).toEqual([]);
		await vi.waitFor(() => expect(page.head.children).toHaveLength(1));
	});

	it('is loaded at once in the background, where nothing is painted', () => {
		keepStill();
		page.visibilityState = 'hidden';
		expect(begin()).toBeDefined();
	});

	it('that can’t be loaded takes the still with it, and says so in the language of the page', () => {
		keepStill();
		page.visibilityState = 'hidden';
		begin()?.onerror?.();
		expect(element.children.map(({ textContent }) => textContent)).toEqual([
			expect.stringContaining('could not be loaded')
		]);
		page.head.children.length = 0;
		begin('zh-CN')?.onerror?.();
		expect(element.children.at(-1)?.textContent).toContain('无法载入应用');
	});
});
