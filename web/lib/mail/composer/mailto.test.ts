import { describe, expect, it } from 'vitest';
import { readMailLink } from './mailto.ts';

describe('mail links', () => {
	it('say whom to write to, and what about', () => {
		const link = readMailLink(
			'lan@example.cn?subject=%E5%AE%A1%E6%A0%B8%20Q3&cc=wu@example.cn&body=a%0D%0Ab'
		);
		expect(link).toEqual({
			to: [{ name: '', address: 'lan@example.cn' }],
			cc: [{ name: '', address: 'wu@example.cn' }],
			subject: '审核 Q3',
			body: 'a\r\nb'
		});
	});

	it('cannot add hidden recipients, nor break the subject', () => {
		const link = readMailLink('a@b.cn?bcc=spy@c.cn&subject=x%0D%0ABcc:spy@c.cn');
		expect(JSON.stringify(link.to) + JSON.stringify(link.cc)).not.toContain('spy');
		expect(link.subject).not.toMatch(/[\r\n]/);
	});

	it('survive a stray per cent sign and several addresses', () => {
		expect(readMailLink('a@b.cn,c@d.cn?to=e@f.cn&subject=100%').to).toHaveLength(3);
		expect(readMailLink('').to).toEqual([]);
	});
});
