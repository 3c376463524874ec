import { describe, expect, it } from 'vitest';
import { endsRecipient, readRecipients, writeRecipient } from './recipient-input.ts';

const read = (text: string) => readRecipients(text).map(({ name, address, valid }) => [name, address, valid]);

describe('[2.3.1-a] typed and pasted recipients', () => {
	it('reads names and addresses', () => {
		expect(read('周岚 <lan@example.cn>, Mia Hoffmann<mia@example.de>; wu@example.cn')).toEqual([
			['周岚', 'lan@example.cn', true],
			['Mia Hoffmann', 'mia@example.de', true],
			['', 'wu@example.cn', true]
		]);
	});

	it('knows full-width separators, tabs and lines', () => {
		expect(read('a@b.cn，c@d.cn；e@f.cn、g@h.cn\ti@j.cn\nk@l.cn').length).toBe(6);
	});

	it('does not cut a quoted name at its comma', () => {
		expect(read('"Hoffmann, Mia" <mia@example.de>, x@y.z')).toEqual([
			['Hoffmann, Mia', 'mia@example.de', true],
			['', 'x@y.z', true]
		]);
	});

	it('takes a list that is separated by blanks alone', () => {
		expect(read('a@b.cn c@d.cn')).toEqual([
			['', 'a@b.cn', true],
			['', 'c@d.cn', true]
		]);
	});

	it('keeps what is no address, marked', () => {
		expect(read('zhou lan, lan@, mailto:lan@example.cn')).toEqual([
			['', 'zhou lan', false],
			['', 'lan@', false],
			['', 'lan@example.cn', true]
		]);
	});

	it('is not led astray by an open quote: the line ends it', () => {
		expect(read('"open <a@b.cn>\nc@d.cn')).toHaveLength(2);
	});

	it('reads back what it wrote', () => {
		for (const person of [
			{ name: '', address: 'a@b.cn' },
			{ name: '周岚', address: 'lan@example.cn' },
			{ name: 'Hoffmann, "Mia" <x>', address: 'mia@example.de' }
		]) {
			expect(readRecipients(writeRecipient(person))).toEqual([{ ...person, valid: true }]);
		}
	});

	it('ends a recipient at a separator', () => {
		expect(endsRecipient('lan@example.cn,')).toBe(true);
		expect(endsRecipient('lan@example.cn')).toBe(false);
	});
});
