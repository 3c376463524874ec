import { describe, expect, it } from 'vitest';
import { KeyResolver } from './key-resolver.ts';

const modifiers = ['Shift', 'Control', 'Alt', 'Meta'];

interface Press {
	readonly held?: readonly string[];
	readonly at?: number;
	readonly repeat?: boolean;
}

function keydown(key: string, { held = [], at = 0, repeat = false }: Press): KeyboardEvent {
	const event: Partial<KeyboardEvent> = {
		key,
		code: '',
		timeStamp: at,
		repeat,
		getModifierState: (modifier) => held.includes(modifier) || (modifiers.includes(key) && modifier === key)
	};
	return event as KeyboardEvent;
}

/** A keyboard with these bindings, of which `j` repeats; a press answers what was done on it. */
function keyboard(...keys: readonly string[]): (key: string, press?: Press) => string | null {
	const bindings = keys.map((name) => ({ name, run: () => undefined, repeats: name === 'j' }));
	const resolver = new KeyResolver(Object.fromEntries(bindings.map((binding) => [binding.name, binding])));
	return (key, press = {}) => {
		const found = resolver.press(keydown(key, press));
		return bindings.find((binding) => binding === found)?.name ?? null;
	};
}

describe('what a key means', () => {
	it('a key alone means what is bound to it, with its modifiers', () => {
		const press = keyboard('i', 'Shift+i', '[Shift]+!');
		expect(press('i')).toBe('i');
		expect(press('I', { held: ['Shift'] })).toBe('Shift+i');
		expect(press('!', { held: ['Shift'] })).toBe('[Shift]+!');
		expect(press('!')).toBe('[Shift]+!');
		expect(press('i', { held: ['Control'] })).toBeNull();
		expect(press('q')).toBeNull();
	});

	it('the key that ends a sequence does not mean what it means alone', () => {
		const press = keyboard('s', 'g s');
		expect(press('g')).toBeNull();
		expect(press('s')).toBe('g s');
		expect(press('s')).toBe('s');
	});

	it('a sequence that ended takes along what began with the same keys', () => {
		const press = keyboard('e', 'u', 'g i', 'g e', '[Shift]+* a', '[Shift]+* u');
		press('g');
		expect(press('i')).toBe('g i');
		expect(press('e')).toBe('e');
		press('*', { held: ['Shift'] });
		expect(press('a')).toBe('[Shift]+* a');
		expect(press('u')).toBe('u');
	});

	it('a key that goes on with no sequence ends it and means what it means alone', () => {
		const press = keyboard('z', 'i', 'g i', 'g e');
		press('g');
		expect(press('z')).toBe('z');
		expect(press('i')).toBe('i');
	});

	it('the first key of a sequence may be pressed again, and may begin another', () => {
		const press = keyboard('g i', '* a');
		press('g');
		expect(press('g')).toBeNull();
		expect(press('i')).toBe('g i');
		press('g');
		press('*');
		expect(press('a')).toBe('* a');
	});

	it('a modifier held for the next key does not end a sequence', () => {
		const press = keyboard('g [Shift]+#');
		press('g');
		expect(press('Shift', { held: ['Shift'] })).toBeNull();
		expect(press('#', { held: ['Shift'] })).toBe('g [Shift]+#');
	});

	it('a sequence is over when its next key is long in coming', () => {
		const press = keyboard('i', 'g i');
		press('g', { at: 100 });
		expect(press('i', { at: 1_101 })).toBe('i');
		press('g', { at: 2_000 });
		expect(press('i', { at: 3_000 })).toBe('g i');
	});

	it('a sequence is waited for where its first key means something alone', () => {
		const press = keyboard('g', 'g i');
		expect(press('g')).toBeNull();
		expect(press('i')).toBe('g i');
	});

	it('a key that is held does once what acts, and again and again what moves', () => {
		const press = keyboard('e', 'j');
		expect(press('e')).toBe('e');
		expect(press('e', { repeat: true })).toBeNull();
		expect(press('j')).toBe('j');
		expect(press('j', { repeat: true })).toBe('j');
	});

	it('a key that is held neither goes on with a sequence nor begins one', () => {
		const press = keyboard('j', 'i', 'g g', 'g j', 'g i');
		press('g');
		expect(press('g', { repeat: true })).toBeNull();
		expect(press('j', { repeat: true })).toBeNull();
		expect(press('i')).toBe('g i');
		press('g', { repeat: true });
		expect(press('i')).toBe('i');
	});

	it('a key that is not meant where it is pressed means nothing there, held or not', () => {
		const place = new EventTarget();
		const open = { run: () => undefined, repeats: true, isMeantAt: (at: EventTarget | null) => at === place };
		const resolver = new KeyResolver({ Enter: open });
		const enter = (target: EventTarget, repeat = false) =>
			resolver.press(Object.assign(keydown('Enter', { repeat }), { target }));
		expect(enter(place)).toBe(open);
		expect(enter(place, true)).toBe(open);
		expect(enter(new EventTarget())).toBeNull();
		expect(enter(new EventTarget(), true)).toBeNull();
	});
});
