import { describe, expect, it } from 'vitest';
import type { Part } from '#schema/mail/summary.ts';
import { listedParts } from './listed-parts.ts';

const part = (fields: Partial<Part>): Part => ({
	section: '1',
	type: 'image/png',
	filename: null,
	size: 10,
	disposition: 'inline',
	contentId: null,
	...fields
});

function sections(html: string | null, parts: Part[]): string[] {
	return listedParts({ text: null, html, parts, defects: [], parser: 1 }).map(({ section }) => section);
}

describe('[2.2.2-a] attachments of a message', () => {
	it('leaves out the pictures that the HTML shows', () => {
		const shown = part({ section: '2', contentId: 'logo@x' });
		expect(sections('<img src="cid:logo@x">', [shown])).toEqual([]);
		expect(sections('<img src="cid:logo%40x">', [shown])).toEqual([]);
		expect(sections('<p>no picture</p>', [shown])).toEqual(['2']);
		expect(sections(null, [shown])).toEqual(['2']);
	});

	it('lists what was sent as an attachment, even if the HTML shows it', () => {
		expect(sections('cid:logo@x', [part({ disposition: 'attachment', contentId: 'logo@x' })])).toEqual(['1']);
		expect(sections('cid:doc', [part({ type: 'application/pdf', contentId: 'doc' })])).toEqual(['1']);
	});
});
