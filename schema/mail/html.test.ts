import { expect, it } from 'vitest';
import { escapeHtml } from './html.ts';

it('shows text as it is, in content and in attributes', () => {
	expect(escapeHtml('<a href="x">&amp;')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;amp;');
});
