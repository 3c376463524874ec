import { describe, expect, it } from 'vitest';
import { readHeader } from './header.ts';
import { isLoop, receivedField } from './trace.ts';

const header = (text: string) => readHeader(Buffer.from(`${text}\r\n\r\nbody`));

describe('mail loops', () => {
	it('[Q33] are more than 50 Received fields', () => {
		expect(isLoop(header('Received: x\r\n'.repeat(50) + 'A: b'), [])).toBe(false);
		expect(isLoop(header('Received: x\r\n'.repeat(51) + 'A: b'), [])).toBe(true);
	});

	it('[Q33] are Delivered-To one of the recipients, and not somebody else', () => {
		const message = header('Delivered-To: Li@Hongyan.example');
		expect(isLoop(message, ['li@hongyan.example'])).toBe(true);
		expect(isLoop(message, ['wang@hongyan.example'])).toBe(false);
		expect(isLoop(message, [])).toBe(false);
	});
});

describe('the Received field', () => {
	const trace = { peer: '192.0.2.7', helo: 'mx.example', protocol: 'ESMTPS', by: 'hongyan.example' };

	it('[Q20] tells who came from where, by whom, with what and when', () => {
		expect(receivedField(trace, 'id1', Date.UTC(2026, 10, 23, 9))).toBe(
			'Received: from mx.example ([192.0.2.7])\r\n\tby hongyan.example with ESMTPS id id1;\r\n' +
				'\tMon, 23 Nov 2026 09:00:00 +0000\r\n'
		);
	});

	it('[Q20] lets no peer write fields of its own', () => {
		const field = receivedField({ ...trace, helo: 'x\r\nBcc: everybody@example' }, 'id1', 0);
		expect(field.split('\r\n')).toHaveLength(4);
		expect(field).toContain('from x??Bcc:?everybody?example ([192.0.2.7])');
	});
});
