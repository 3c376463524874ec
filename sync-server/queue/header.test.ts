import { describe, expect, it } from 'vitest';
import { addressesIn, headerEnd, messageIdIn, readHeader, withoutField } from './header.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('reading the header of a message', () => {
	it('[Q33] reads folded fields in order and nothing of the body', () => {
		const message = bytes('Received: a\r\n\tb\r\nReceived: c\r\n\r\nReceived: not this\r\n');
		expect(readHeader(message).get('received')).toEqual(['a\tb', 'c']);
		expect(message.toString('utf8', headerEnd(message))).toBe('\r\nReceived: not this\r\n');
	});

	it('[Q27] reads addresses out of names, comments and groups, canonical', () => {
		const header = readHeader(bytes('From: "L, M" <Li@Hongyan.EXAMPLE>, g: 小明@远方.example;\r\n\r\n'));
		expect(addressesIn(header, 'from')).toEqual(['li@hongyan.example', '小明@远方.example']);
	});

	it('[Q19] finds a Message-ID that can be referred to', () => {
		expect(messageIdIn(readHeader(bytes('Message-ID: (x) <a@b.example> y\r\n\r\n')))).toBe('<a@b.example>');
		expect(messageIdIn(readHeader(bytes('Message-ID: none\r\n\r\n')))).toBeNull();
	});
});

describe('leaving a field out', () => {
	it('[Q29] takes its folded lines and every repeat of it, and no other byte', () => {
		const message = bytes('To: a\nBcc: b,\n c\r\nX-Bcc: d\nbCC : e\nFrom: 你\r\n\r\nBcc: body\n');
		expect(withoutField(message, 'bcc').toString()).toBe('To: a\nX-Bcc: d\nFrom: 你\r\n\r\nBcc: body\n');
	});

	it('[Q29] leaves a message without that field, or without a header, as it is', () => {
		for (const text of ['', 'no header', 'A: b\r\n\r\nBcc: c', '\r\nBcc: c\r\n']) {
			expect(withoutField(bytes(text), 'bcc').toString()).toBe(text);
		}
	});
});
