import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { letterOf, seedDraft } from './draft.ts';
import {
	quotedOf,
	quoteLate,
	stayUnquoted,
	unquotedOf,
	unwantPart,
	wantedOf,
	wantParts,
	wholeMessage,
	type WantedPart
} from './draft-original.ts';

const li = { name: '李明', address: 'li@hongyan.example' };
const part = (section: string): WantedPart => ({
	section,
	name: `${section}.pdf`,
	type: 'application/pdf',
	size: 5
});

function draftOf(wanted: readonly WantedPart[]): Y.Doc {
	const draft = new Y.Doc();
	seedDraft(draft, { from: li, to: [li], unquoted: 'late', wanted });
	return draft;
}

describe('what a draft takes along of the original', () => {
	it('[2.2.4-a] is remembered until it is here, in the order of the message', () => {
		const draft = draftOf([part('10'), part('2')]);
		wantParts(draft, [part('1.2'), part(wholeMessage)]);
		expect(wantedOf(draft).map(({ section }) => section)).toEqual(['1.2', '2', '10', wholeMessage]);
		unwantPart(draft, '2');
		expect(wantedOf(draft)[1]).toEqual(part('10'));
		expect(letterOf(draft, 0).kind).toBe('letter');
	});

	it('[2.2.3-a] [2.2.4-a] is quoted when its text comes late, or not where it is too long', () => {
		const draft = draftOf([]);
		expect(unquotedOf(draft)).toBe('late');
		quoteLate(draft, null, [part('2')]);
		expect([unquotedOf(draft), wantedOf(draft).length]).toEqual(['too-long', 1]);
		quoteLate(draft, { attribution: 'Li wrote:', html: '<p>Hi</p>' }, []);
		expect([unquotedOf(draft), quotedOf(draft)?.html]).toEqual([undefined, '<p>Hi</p>']);
		const other = draftOf([]);
		stayUnquoted(other);
		expect(unquotedOf(other)).toBeUndefined();
	});

	it('[2.2.4-a] is read with care where another device wrote nonsense', () => {
		const draft = draftOf([]);
		draft.getMap('head').set('unquoted', 7);
		for (const [section, value] of Object.entries({
			'../x': part('1'),
			'3': 'text',
			'4': { size: -1 },
			'5': { size: 1, name: 2 }
		}))
			draft.getMap('wanted').set(section, value);
		expect(unquotedOf(draft)).toBeUndefined();
		expect(wantedOf(draft)).toEqual([{ section: '5', name: '', type: '', size: 1 }]);
	});
});
