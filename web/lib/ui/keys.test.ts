import { describe, expect, it } from 'vitest';
import { keyCaps } from './keys.ts';

describe('key caps', () => {
	it('writes modifiers as the machine does', () => {
		expect(keyCaps('$mod+Enter', true)).toEqual(['⌘', '↩']);
		expect(keyCaps('$mod+Enter', false)).toEqual(['Ctrl', '↵']);
		expect(keyCaps('Shift+i', true)).toEqual(['⇧', 'I']);
	});

	it('writes sequences one after the other', () => {
		expect(keyCaps('g i', false)).toEqual(['G', 'I']);
		expect(keyCaps('[Shift]+? a', false)).toEqual(['?', 'A']);
	});
});
