import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseMode } from './mode.ts';
import { FakeElement, installedPage } from './trial/fake-page.ts';

afterEach(() => vi.unstubAllGlobals());

describe('the mode of the first paint', () => {
	it.each([
		['dark', false, 'dark', '#0d1117'],
		['light', true, 'light', '#e9eef5'],
		['auto', true, 'dark', '#0d1117'],
		[undefined, false, 'light', '#e9eef5'],
		['of another version', true, 'dark', '#0d1117']
	])('is, where %s is kept and the device’s darkness is %s, %s', (kept, isDeviceDark, mode, colour) => {
		const page = installedPage({ isDeviceDark });
		const frame = new FakeElement('meta');
		page.found.set('meta[name="theme-color"]', [frame]);
		if (kept !== undefined) page.kept?.set('hongyan.mode', kept);
		chooseMode();
		expect(page.root.dataset['mode']).toBe(mode);
		expect(frame.getAttribute('content')).toBe(colour);
	});

	it('is the device’s where storage is forbidden', () => {
		const page = installedPage({ isDeviceDark: true });
		page.kept = null;
		chooseMode();
		expect(page.root.dataset['mode']).toBe('dark');
	});
});
