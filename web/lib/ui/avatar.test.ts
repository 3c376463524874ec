import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './avatar.ts';

const initials = (name: string, address = 'x@y.example') => initialsOf({ name, address });

describe('avatars', () => {
	it('shows the given name of a Chinese name', () => {
		expect(initials('陈伯远')).toBe('伯远');
		expect(initials('周岚')).toBe('岚');
		expect(initials('财务共享中心')).toBe('财');
		expect(initials('行政部')).toBe('行');
	});

	it('shows first and last initial of other names', () => {
		expect(initials('Mia Hoffmann')).toBe('MH');
		expect(initials('Ludwig van Beethoven')).toBe('LB');
		expect(initials('plato')).toBe('P');
	});

	it('falls back to the address, and to a question mark where there is nothing', () => {
		expect(initials('', 'shuo.han@lingchuan.example')).toBe('SH');
		expect(initials('  ', '@')).toBe('?');
		expect(initials('"(!)"')).toBe('?');
	});

	it('gives one address one hue, however it is spelled', () => {
		expect(hueOf('Lan.Zhou@Example.com')).toBe(hueOf('lan.zhou@example.com'));
		const distinct = new Set(Array.from({ length: 100 }, (_, index) => hueOf(`person${index}@example.com`)));
		expect(distinct.size).toBeGreaterThan(7);
	});
});
