import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stillFor, type Still } from './still.ts';
import { installedPage, type FakePage } from './trial/fake-page.ts';

const still: Still = {
	version: '7',
	database: 'mail-1',
	locale: 'en',
	path: '/mail/inbox',
	day: 'today',
	html: '<div class="app"></div>'
};

let page: FakePage;

beforeEach(() => {
	page = installedPage();
	page.kept?.set('hongyan.database', 'mail-1');
	page.kept?.set('hongyan.still', JSON.stringify(still));
});
afterEach(() => vi.unstubAllGlobals());

describe('a still', () => {
	it('[R76] is found by the account, place, language and version that it was taken of', () => {
		expect(stillFor('7', 'en')).toEqual(still);
	});

	it('[R76] is not shown of another version, language, place or account', () => {
		expect(stillFor('8', 'en')).toBeNull();
		expect(stillFor('7', 'zh-CN')).toBeNull();
		page.location.pathname = '/mail/sent';
		expect(stillFor('7', 'en')).toBeNull();
		page.location.pathname = '/mail/inbox';
		page.kept?.set('hongyan.database', 'mail-2');
		expect(stillFor('7', 'en')).toBeNull();
	});

	it('[R76] is not shown where nobody is signed in', () => {
		page.kept?.delete('hongyan.database');
		expect(stillFor('7', 'en')).toBeNull();
	});

	it.each(['', '{', 'null', '7', '[]'])('is none where «%s» is kept', (text) => {
		page.kept?.set('hongyan.still', text);
		expect(stillFor('7', 'en')).toBeNull();
	});

	it('is none where none is kept, or storage is forbidden', () => {
		page.kept?.delete('hongyan.still');
		expect(stillFor('7', 'en')).toBeNull();
		page.kept = null;
		expect(stillFor('7', 'en')).toBeNull();
	});
});
