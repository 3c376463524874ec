import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { compiledMessage } from './vite-catalogues.ts';

const values = { count: 1234, name: '周岚' };

describe('compiled messages', () => {
	it('say the same as their source', () => {
		for (const message of [
			'{count, plural, one {# message} other {# messages}} of {name}',
			'已选 {count, number} 封',
			'“{name}” <b>'
		]) {
			const written = new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).format(values);
			expect(new IntlMessageFormat(compiledMessage(message), 'en').format(values)).toBe(written);
		}
	});

	it('stay text where there is nothing to fill in', () => {
		expect(compiledMessage('写信')).toBe('写信');
	});
});
