import { describe, expect, it } from 'vitest';
import type { Summary } from '#schema/mail/summary.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import { answerIdentity, answerRecipients, answerReferences, answerSeed, answerSubject } from './reply.ts';

const person = (name: string) => ({ name, address: `${name.toLowerCase()}@example.com` });
const me = person('Me');
const profile: Profile = {
	name: 'Me',
	address: me.address,
	identities: [me, { name: 'Me', address: 'sales@example.com' }],
	organisation: 'Example',
	domains: ['example.com']
};
const prefixes = { reply: 'Re: ', forward: 'Fwd: ' };

function summary(fields: Partial<Summary>): Summary {
	return {
		messageId: 'parent@example.com',
		from: [person('Lan')],
		to: [me],
		cc: [],
		replyTo: [],
		subject: 'Audit',
		snippet: '',
		sentAt: 0,
		size: 0,
		attachments: 0,
		...fields
	};
}
const addresses = (people: readonly { address: string }[]) => people.map(({ address }) => address);

describe('[2.2.3-a] answers', () => {
	it('go to the author, or where the author wants them', () => {
		expect(addresses(answerRecipients(summary({}), 'reply', profile).to)).toEqual(['lan@example.com']);
		const list = summary({ replyTo: [person('List')] });
		expect(addresses(answerRecipients(list, 'reply', profile).to)).toEqual(['list@example.com']);
	});

	it('to all leave out the writer and every repeat', () => {
		const wide = summary({ to: [me, person('Wu'), person('LAN')], cc: [person('Wu'), person('Qa')] });
		const { to, cc } = answerRecipients(wide, 'reply-all', profile);
		expect(addresses(to)).toEqual(['lan@example.com']);
		expect(addresses(cc)).toEqual(['wu@example.com', 'qa@example.com']);
	});

	it('to one’s own letter go where that letter went', () => {
		const mine = summary({ from: [me], to: [person('Wu')], cc: [person('Qa')] });
		expect(addresses(answerRecipients(mine, 'reply', profile).to)).toEqual(['wu@example.com']);
		expect(addresses(answerRecipients(mine, 'reply-all', profile).cc)).toEqual(['qa@example.com']);
	});

	it('carry one prefix, whatever language the other program spoke', () => {
		expect(answerSubject('Audit', 'reply', prefixes)).toBe('Re: Audit');
		for (const subject of ['Re: Audit', 'RE：Audit', '回复：Audit', '答复: Audit', 'Re[2]: Audit']) {
			expect(answerSubject(subject, 'reply', prefixes)).toBe(subject);
		}
		expect(answerSubject('Re: Audit', 'forward', prefixes)).toBe('Fwd: Re: Audit');
		expect(answerSubject('转发：Audit', 'forward', prefixes)).toBe('转发：Audit');
		expect(answerSubject('Regarding: x', 'reply', prefixes)).toBe('Re: Regarding: x');
	});

	it('name the thread oldest first and the answered message last', () => {
		expect(answerReferences('c', ['a', 'b', 'c', 'a', ''])).toEqual(['a', 'b', 'c']);
		const long = answerReferences(
			'last',
			Array.from({ length: 500 }, (_, index) => `m${index}`)
		);
		expect(long.length).toBe(100);
		expect([long[0], long.at(-1)]).toEqual(['m0', 'last']);
	});

	it('come from the identity that was written to', () => {
		expect(
			answerIdentity(summary({ to: [{ name: '', address: 'SALES@example.com' }] }), profile).address
		).toBe('sales@example.com');
		expect(answerIdentity(summary({ to: [person('Other')] }), profile)).toEqual(me);
	});

	it('[2.2.4-a] forwards begin a new thread with nobody addressed', () => {
		const seed = answerSeed(
			{ arrival: 7, summary: summary({}), earlier: ['a'] },
			'forward',
			profile,
			prefixes
		);
		expect(seed).toMatchObject({
			to: [],
			cc: [],
			inReplyTo: null,
			references: [],
			answers: { arrival: 7, how: 'forward' }
		});
		const reply = answerSeed(
			{ arrival: 7, summary: summary({}), earlier: ['a'] },
			'reply',
			profile,
			prefixes
		);
		expect(reply).toMatchObject({ inReplyTo: 'parent@example.com', references: ['a', 'parent@example.com'] });
	});
});
