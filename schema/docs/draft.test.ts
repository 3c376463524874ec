import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import * as Y from 'yjs';
import type { AttachmentId } from '../ids.ts';
import { composedLetter } from '../mail/submission.ts';
import { li } from '../trial/people.ts';
import {
	addAttachment,
	addRecipient,
	answeredBy,
	attachmentsOf,
	bodyOf,
	fromOf,
	isUntouchedAnswer,
	letterOf,
	recipientsOf,
	removeAttachment,
	removeRecipient,
	seedDraft,
	setFrom,
	setSubject,
	snippetOf,
	subjectOf,
	type DraftSeed
} from './draft.ts';
import { quotedOf, removeQuoted } from './draft-original.ts';

const wang = { name: '王芳', address: 'wang@outside.example' };
const file = (id: string, size = 10) => ({
	id: id as AttachmentId,
	name: '报告.pdf',
	type: 'application/pdf',
	size
});

function draftOf(seed: Partial<DraftSeed> = {}): Y.Doc {
	const draft = new Y.Doc();
	seedDraft(draft, { from: li, ...seed });
	return draft;
}

/** Two devices edit copies of one draft, then see each other's edits. */
function editedTwice(draft: Y.Doc, one: (copy: Y.Doc) => void, other: (copy: Y.Doc) => void): Y.Doc {
	const copies = [one, other].map((edit) => {
		const copy = new Y.Doc();
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(draft));
		edit(copy);
		return Y.encodeStateAsUpdate(copy);
	});
	const merged = new Y.Doc();
	for (const update of copies) Y.applyUpdate(merged, update);
	return merged;
}

describe('a draft', () => {
	it('[2.2.3-a] starts with what it was given', () => {
		const answers = { arrival: 7, how: 'reply' } as const;
		const quoted = { attribution: 'Wang wrote:', html: '<p>Hi</p>' };
		const draft = draftOf({ to: [wang], subject: 'Re: 报告', text: '你好\n\nLi', answers, quoted });
		expect(fromOf(draft)).toEqual(li);
		expect(recipientsOf(draft, 'to')).toEqual([wang]);
		expect(subjectOf(draft)).toBe('Re: 报告');
		expect(snippetOf(draft)).toBe('你好 Li');
		expect(answeredBy(draft)).toEqual(answers);
		expect(quotedOf(draft)).toEqual(quoted);
		removeQuoted(draft);
		expect(quotedOf(draft)).toBeUndefined();
	});

	it('[2.3.4-a] keeps what two devices added at the same time', () => {
		const merged = editedTwice(
			draftOf({ to: [li] }),
			(copy) => {
				addRecipient(copy, 'to', wang);
				addAttachment(copy, file('one'));
			},
			(copy) => {
				addRecipient(copy, 'to', wang);
				addRecipient(copy, 'cc', li);
				addAttachment(copy, file('two'));
				removeRecipient(copy, 'to', li.address);
			}
		);
		expect(recipientsOf(merged, 'to')).toEqual([wang]);
		expect(recipientsOf(merged, 'cc')).toEqual([li]);
		expect(
			attachmentsOf(merged)
				.map(({ id }) => id)
				.sort()
		).toEqual(['one', 'two']);
	});

	it('[2.3.4-a] loses every row of what is removed', () => {
		const draft = draftOf();
		addRecipient(draft, 'bcc', wang);
		addRecipient(draft, 'bcc', wang);
		removeRecipient(draft, 'bcc', wang.address);
		addAttachment(draft, file('one'));
		addAttachment(draft, file('one'));
		removeAttachment(draft, 'one' as AttachmentId);
		expect(draft.getArray('bcc').length + draft.getArray('attachments').length).toBe(0);
	});

	it('[2.3.4-a] is an untouched answer only as long as nobody has written, changed or attached anything', () => {
		const begin = (seed: Partial<DraftSeed>): Y.Doc => {
			const begun = new Y.Doc();
			seedDraft(begun, { from: li, to: [wang], subject: 'Re: 报价', ...seed });
			const opened = new Y.Doc();
			Y.applyUpdate(opened, Y.encodeStateAsUpdate(begun));
			return opened;
		};
		const answer = () =>
			begin({ answers: { arrival: 7, how: 'reply' }, quoted: { attribution: '', html: '<p>请报价。</p>' } });
		expect(isUntouchedAnswer(answer())).toBe(true);
		const touches: ((draft: Y.Doc) => void)[] = [
			(draft) => {
				bodyOf(draft).insert(0, [new Y.XmlElement('paragraph')]);
			},
			(draft) => {
				addRecipient(draft, 'cc', li);
			},
			(draft) => {
				removeRecipient(draft, 'to', wang.address);
			},
			(draft) => {
				setSubject(draft, 'Re: 报价 2');
			},
			(draft) => {
				addAttachment(draft, file('untouched-answer-file1'));
			},
			removeQuoted
		];
		for (const touch of touches) {
			const draft = answer();
			touch(draft);
			expect(isUntouchedAnswer(draft)).toBe(false);
		}
		expect(isUntouchedAnswer(begin({}))).toBe(false);
		expect(isUntouchedAnswer(begin({ answers: { arrival: 7, how: 'reply' }, text: 'kept words' }))).toBe(
			false
		);
	});

	it('[2.3.4-a] reads with care what another device wrote', () => {
		const draft = new Y.Doc();
		draft.getMap('head').set('subject', 5);
		draft.getMap('head').set('from', 'li');
		draft.getMap('head').set('quoted', { html: 5 });
		draft.getMap('head').set('answers', { arrival: 'x', how: 'reply' });
		draft
			.getArray('to')
			.push([null, 'x', { address: 5 }, { address: '' }, { address: 'a@b.example', name: 7 }]);
		draft.getArray('attachments').push([
			{ id: '../x', size: 1 },
			{ id: 'a', size: -1 },
			{ id: 'b', size: 2 }
		]);
		expect(subjectOf(draft)).toBe('');
		expect(fromOf(draft)).toBeUndefined();
		expect(quotedOf(draft)).toBeUndefined();
		expect(answeredBy(draft)).toBeUndefined();
		expect(recipientsOf(draft, 'to')).toEqual([{ name: '', address: 'a@b.example' }]);
		expect(attachmentsOf(draft)).toEqual([{ id: 'b', name: '', type: '', size: 2 }]);
	});
});

describe('the letter of a draft', () => {
	it('[2.2.3-a] is one the server takes', () => {
		const references = Array.from({ length: 120 }, (_, index) => `${index}@x.example`);
		const draft = draftOf({
			to: [wang],
			cc: [li],
			subject: 'S',
			text: 'Hi',
			inReplyTo: '119@x.example',
			references
		});
		addAttachment(draft, file('one'));
		const outcome = letterOf(draft, 1_700_000_000_000);
		if (outcome.kind !== 'letter') throw new Error(outcome.problems.join());
		expect(v.is(composedLetter, outcome.letter)).toBe(true);
		expect(outcome.letter).toMatchObject({
			...{ from: li, to: [wang], cc: [li], bcc: [], subject: 'S', html: '<p>Hi</p>' },
			...{ inReplyTo: '119@x.example', attachments: ['one'], date: 1_700_000_000_000 }
		});
		expect(outcome.letter.references).toEqual(references.slice(20));
	});

	it('[2.2.3-a] is not made without recipients, with a bad address, without a sender, or too large', () => {
		const problemsOf = (draft: Y.Doc) => {
			const outcome = letterOf(draft, 0);
			return outcome.kind === 'problems' ? outcome.problems : [];
		};
		expect(problemsOf(draftOf())).toEqual(['no-recipients']);
		expect(problemsOf(draftOf({ to: [{ name: '', address: 'wang at x' }] }))).toEqual(['bad-address']);
		const large = draftOf({ to: [wang] });
		addAttachment(large, file('one', 35_000_001));
		expect(problemsOf(large)).toEqual(['too-large']);
		expect(problemsOf(new Y.Doc())).toEqual(['no-sender', 'no-recipients']);
	});

	it('[2.2.3-a] leaves nobody and no file out without a word where there are too many', () => {
		const people = (count: number) =>
			Array.from({ length: count }, (_, number) => ({ name: '', address: `p${number}@x.example` }));
		expect(letterOf(draftOf({ to: people(500) }), 0).kind).toBe('letter');
		expect(letterOf(draftOf({ to: people(501) }), 0)).toEqual({
			kind: 'problems',
			problems: ['too-many-recipients']
		});
		const laden = draftOf({ to: [wang] });
		for (let number = 0; number < 201; number += 1) addAttachment(laden, file(`file-${number}`));
		expect(letterOf(laden, 0)).toEqual({ kind: 'problems', problems: ['too-large'] });
	});

	it('[2.2.3-a] follows subject and sender as they were set last', () => {
		const draft = draftOf({ to: [wang] });
		setSubject(draft, 'New');
		setFrom(draft, wang);
		const outcome = letterOf(draft, 0);
		expect(outcome.kind === 'letter' && outcome.letter).toMatchObject({ subject: 'New', from: wang });
	});
});
