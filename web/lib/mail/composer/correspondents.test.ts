import { describe, expect, it } from 'vitest';
import type { Summary } from '#schema/mail/summary.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import { correspondentsOf, matchingCorrespondents } from './correspondents.ts';

const me = { name: 'Me', address: 'me@example.com' };
const lan = { name: '周岚', address: 'lan.zhou@example.com' };
const mia = { name: 'Mia Hoffmann', address: 'mia@hoffmann.example' };
const wu = { name: '', address: 'wu@example.com' };
const profile: Profile = { name: 'Me', address: me.address, identities: [me], organisation: '', domains: [] };

function letter(from: Summary['from'], to: Summary['to'], cc: Summary['cc'] = []): Summary {
	return {
		messageId: '',
		from,
		to,
		cc,
		replyTo: [],
		subject: '',
		snippet: '',
		sentAt: null,
		size: 0,
		attachments: 0
	};
}

describe('[2.3.1-b] completion of recipients', () => {
	const people = correspondentsOf(
		[letter([lan], [me], [wu]), letter([me], [mia]), letter([lan], [me])],
		profile
	);
	const names = (typed: string, taken: string[] = []) =>
		matchingCorrespondents(people, typed, new Set(taken)).map(({ address }) => address);

	it('puts those first one writes to oneself, and never oneself', () => {
		expect(people.map(({ address }) => address)).toEqual([mia.address, lan.address, wu.address]);
	});

	it('finds by any word of name or address', () => {
		expect(names('zhou')).toEqual([lan.address]);
		expect(names('周')).toEqual([lan.address]);
		expect(names('hoff')).toEqual([mia.address]);
		expect(names('Mia Ho')).toEqual([mia.address]);
		expect(names('岚')).toEqual([lan.address]);
	});

	it('offers nobody twice and nobody for nothing', () => {
		expect(names('example', [lan.address])).not.toContain(lan.address);
		expect(names('  ')).toEqual([]);
	});
});
