import { describe, expect, it } from 'vitest';
import { simpleParser } from 'mailparser';
import { composeBounce, type BounceFacts } from './bounce.ts';

const facts: BounceFacts = {
	id: 'b1',
	to: 'li@hongyan.example',
	by: 'mx.hongyan.example',
	domain: 'hongyan.example',
	failures: [
		{ recipient: 'a@far.example', status: '5.1.1', detail: '550 5.1.1 no such user' },
		{ recipient: 'b@far.example', status: null, detail: 'no-route' }
	],
	original: Buffer.from('Message-ID: <m1@hongyan.example>\r\nSubject: 你好\r\n\r\nsecret body\r\n'),
	acceptedAt: Date.UTC(2026, 10, 20),
	now: Date.UTC(2026, 10, 23)
};

describe('a bounce', () => {
	it('[Q19] is a report that programs can read: who, why, and which message', async () => {
		const bytes = await composeBounce(facts);
		const parsed = await simpleParser(bytes);
		expect(parsed.headers.get('content-type')).toMatchObject({
			value: 'multipart/report',
			params: { 'report-type': 'delivery-status' }
		});
		expect(parsed.from?.text).toContain('mailer-daemon@hongyan.example');
		expect(parsed.references).toBe('<m1@hongyan.example>');
		expect(parsed.text).toContain('a@far.example');
		expect(bytes.toString()).toContain(
			'Reporting-MTA: dns; mx.hongyan.example\r\nArrival-Date: Fri, 20 Nov 2026 00:00:00 +0000\r\n\r\n' +
				'Final-Recipient: rfc822; a@far.example\r\nAction: failed\r\nStatus: 5.1.1\r\n' +
				'Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n' +
				'Final-Recipient: rfc822; b@far.example\r\nAction: failed\r\nStatus: 5.0.0\r\n' +
				'Diagnostic-Code: x-hongyan; no-route\r\n'
		);
	});

	it('[Q19] returns the header of the original and nothing of its body', async () => {
		const text = (await composeBounce(facts)).toString();
		expect(text).toContain('Subject: =E4=BD=A0=E5=A5=BD');
		expect(text).not.toContain('secret body');
	});

	it('[Q19] takes whatever stands for the original, and addresses in any script', async () => {
		const bytes = await composeBounce({
			...facts,
			failures: [{ recipient: '小明@远方.example', status: '5.1.1', detail: '没有\r\n这个人' }],
			original: Buffer.from([0xff, 0xfe, 0x00, 0x0a])
		});
		const text = bytes.toString();
		expect(text).toContain('message/global-delivery-status');
		expect(text).toContain('Final-Recipient: utf-8; 小明@远方.example\r\n');
		expect(text).toContain('Diagnostic-Code: smtp; 没有 这个人\r\n');
		expect(/[^\r]\n/.test(text)).toBe(false);
	});
});
