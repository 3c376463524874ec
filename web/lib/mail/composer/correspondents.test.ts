import { describe, expect, it } from 'vitest';
import type { Summary } from '#schema/mail/summary.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import { correspondentsOf, matchingCorrespondents, placeAfter, placeOfChoice } from './correspondents.ts';

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

describe('what Enter takes', () => {
	const person = (address: string, name = '') => ({ name, address, weight: 1 });
	const people = [
		person('huili@corp.cn', 'Hui Li'),
		person('wang@ali.example', 'Wang Fang'),
		person('li@corp.cn', 'Li Ming'),
		person('mali@corp.cn')
	];
	const offered = (typed: string) => matchingCorrespondents(people, typed, new Set());
	const taken = (typed: string, moved: number | null = null) =>
		offered(typed)[placeOfChoice(offered(typed), typed, moved)]?.address;

	it('[2.3.1-b] is never another person than the whole address that was typed', () => {
		const others = people.filter(({ address }) => address !== 'li@corp.cn');
		const near = matchingCorrespondents(others, 'li@corp.cn', new Set());
		expect(near.map(({ address }) => address)).toEqual(['huili@corp.cn', 'mali@corp.cn']);
		expect(placeOfChoice(near, 'li@corp.cn', null)).toBe(-1);
		expect(placeOfChoice(near, '  li@corp.cn ', null)).toBe(-1);
		expect(placeOfChoice(near, 'li@corp.cn', 1)).toBe(1);
	});

	it('[2.3.1-b] is the known person with exactly that address, and the first one otherwise', () => {
		expect(taken('LI@corp.cn')).toBe('li@corp.cn');
		expect(taken('hui')).toBe('huili@corp.cn');
		expect(taken('li', 1)).toBe('li@corp.cn');
		expect(placeOfChoice([], 'li', null)).toBe(-1);
	});

	it('[2.3.1-b] names and local parts that begin so come before domains, and those before the rest', () => {
		expect(offered('li').map(({ address }) => address)).toEqual([
			'huili@corp.cn',
			'li@corp.cn',
			'wang@ali.example',
			'mali@corp.cn'
		]);
		expect(offered('ali').map(({ address }) => address)).toEqual(['wang@ali.example', 'mali@corp.cn']);
		expect(offered('li@corp.cn').map(({ address }) => address)).toEqual([
			'li@corp.cn',
			'huili@corp.cn',
			'mali@corp.cn'
		]);
	});

	it('[2.3.1-b] is what the arrow keys lead to, round and round', () => {
		expect([placeAfter(-1, 1, 3), placeAfter(-1, -1, 3), placeAfter(2, 1, 3), placeAfter(0, -1, 3)]).toEqual([
			0, 2, 0, 2
		]);
	});
});
