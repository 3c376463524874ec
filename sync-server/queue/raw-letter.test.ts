import { describe, expect, it } from 'vitest';
import { rawLetter } from './raw-letter.ts';

const now = Date.UTC(2026, 10, 23, 9);
const read = (text: string) => rawLetter(Buffer.from(text), '<m1@hongyan.example>', now);

describe('a letter from a mail program', () => {
	it('[Q29] stays byte for byte where nothing is missing', () => {
		const letter = 'Date: x\nMessage-ID: <a@b>\r\nFrom: Li@Hongyan.example\r\n\r\nbody\n\0';
		expect(Buffer.from(read(letter).head).toString()).toBe(letter);
		expect(read(letter).from).toEqual(['li@hongyan.example']);
	});

	it('[Q29] gets a Message-ID and a Date, and loses Bcc', () => {
		expect(Buffer.from(read('From: a@b.example\r\nBcc: c@d.example\r\n\r\nbody').head).toString()).toBe(
			'Message-ID: <m1@hongyan.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n' +
				'From: a@b.example\r\n\r\nbody'
		);
	});

	it('[Q51] that is sent on loses Resent-Bcc too, and keeps who else it was sent on to', () => {
		const fields = 'Date: x\r\nMessage-ID: <a@b>\r\nFrom: far@c.example\r\nResent-From: a@b.example\r\n';
		const given = `Resent-Bcc: c@d.example,\r\n e@d.example\r\n${fields}Resent-To: f@d.example\r\n\r\nbody`;
		expect(Buffer.from(read(given).head).toString()).toBe(`${fields}Resent-To: f@d.example\r\n\r\nbody`);
	});

	it('[Q27] has no sender that can be checked where From is missing or doubled', () => {
		expect(read('To: a@b.example\r\n\r\n').from).toEqual([]);
		expect(read('From: a@b.example\r\nFrom: c@d.example\r\n\r\n').from).toEqual([]);
		expect(read('From: a@b.example, "x" <c@d.example>\r\n\r\n').from).toEqual(['a@b.example', 'c@d.example']);
	});
});
