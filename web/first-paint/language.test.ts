import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseLanguage } from './language.ts';
import { FakeElement, installedPage } from './trial/fake-page.ts';

afterEach(() => vi.unstubAllGlobals());

describe('the language of the first paint', () => {
	it.each([
		[undefined, ['zh-TW', 'en'], 'zh-CN'],
		[undefined, ['fr', 'zh'], 'zh-CN'],
		[undefined, ['fr'], 'en'],
		['en', ['zh'], 'en'],
		['fr', ['zh'], 'zh-CN']
	])('is, where %s is kept and the browser prefers %s, %s', (kept, languages, locale) => {
		const page = installedPage({ languages });
		if (kept !== undefined) page.kept?.set('hongyan.locale', kept);
		expect(chooseLanguage()).toBe(locale);
		expect(page.root.lang).toBe(locale);
	});

	it('has its catalogue fetched at once', () => {
		const page = installedPage({ languages: ['zh'] });
		const catalogue = Object.assign(new FakeElement('meta'), { content: '/chinese.js' });
		page.found.set('meta[name="catalogue"][data-locale="zh-CN"]', [catalogue]);
		chooseLanguage();
		expect(page.head.children).toMatchObject([{ rel: 'modulepreload', href: '/chinese.js' }]);
	});
});
