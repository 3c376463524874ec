import { describe, expect, it } from 'vitest';
import { mentionsAttachment } from './pre-send.ts';

describe('[2.3.2-b] what a letter speaks of', () => {
	it('knows when an attachment is meant', () => {
		for (const text of [
			'值班表见附件',
			'Please find the report attached.',
			'the attachment',
			'Enclosed is'
		]) {
			expect(mentionsAttachment(text)).toBe(true);
		}
		for (const text of ['附近的咖啡馆', 'He is attaché there', 'detachment']) {
			expect(mentionsAttachment(text)).toBe(false);
		}
	});
});
