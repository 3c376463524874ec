import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRegisters, type Register } from '#schema/docs/registers.ts';
import type { DeviceId } from '#schema/ids.ts';
import { register, stamp } from '../trial/letters.ts';
import { RegisterBlock } from './register-block.ts';

const registers = fc.record({
	place: fc.integer({ min: 0, max: 20 }),
	field: fc.constantFrom('mailbox', '$seen', '$flagged'),
	value: fc.constantFrom<boolean | string>(true, false, 'inbox', 'trash'),
	time: fc.integer({ min: 1, max: 5 }),
	counter: fc.integer({ min: 0, max: 2 }),
	device: fc.constantFrom('a', 'b')
});

type Written = typeof registers extends fc.Arbitrary<infer Value> ? Value : never;

function registerOf({ value, time, counter, device }: Written): Register {
	return { value, stamp: { time, counter, device: device as DeviceId } };
}

function blockOf(writes: readonly Written[]): RegisterBlock {
	const block = new RegisterBlock(0);
	for (const write of writes) block.merge(write.place, write.field, registerOf(write));
	return block;
}

function contents(block: RegisterBlock): Record<string, Register> {
	const found: Record<string, Register> = {};
	for (const field of [...block.fields].sort()) {
		for (let place = 0; place <= 20; place += 1) {
			const value = block.get(place, field);
			if (value !== undefined) found[`${field} ${place}`] = value;
		}
	}
	return found;
}

describe('a register block', () => {
	it('[R10] holds the greatest register of each message and field, whatever the order they came in', () => {
		fc.assert(
			fc.property(fc.array(registers, { maxLength: 60 }), (writes) => {
				const expected: Record<string, Register> = {};
				for (const write of writes) {
					const name = `${write.field} ${write.place}`;
					expected[name] = mergeRegisters(expected[name], registerOf(write));
				}
				expect(contents(blockOf(writes))).toEqual(expected);
				expect(contents(blockOf([...writes].reverse()))).toEqual(expected);
			})
		);
	});

	it('[R10] is the same after it was stored and read', () => {
		fc.assert(
			fc.property(fc.array(registers, { maxLength: 60 }), (writes) => {
				const block = blockOf(writes);
				const stored = structuredClone(block.record());
				expect(contents(new RegisterBlock(0, stored))).toEqual(contents(block));
			})
		);
	});

	it('[R10] says whether a register stands now that did not before', () => {
		const block = new RegisterBlock(0);
		expect(block.merge(3, '$seen', register(true, 5))).toBe(true);
		expect(block.merge(3, '$seen', register(true, 5))).toBe(false);
		expect(block.merge(3, '$seen', register(false, 4))).toBe(false);
		expect(block.merge(3, '$seen', register(false, 6))).toBe(true);
	});

	it('[R10] stores one stamp for a thousand messages written at once', () => {
		const block = new RegisterBlock(0);
		const write: Register = { value: true, stamp: stamp(7) };
		for (let place = 0; place < 1000; place += 1) block.merge(place, '$seen', write);
		expect(block.record().times).toHaveLength(1);
		expect(block.record().values).toEqual([true]);
	});

	it('[R10] forgets stamps that nothing has any more', () => {
		const block = new RegisterBlock(0);
		for (let time = 1; time <= 70_000; time += 1)
			block.merge(time % 10, '$seen', register(time % 2 === 0, time));
		expect(block.record().times).toHaveLength(10);
		expect(block.get(0, '$seen')).toEqual(register(true, 70_000));
		expect(block.get(9, '$seen')).toEqual(register(false, 69_999));
	});

	it('[R10] keeps no more fields than it has room for', () => {
		const block = new RegisterBlock(0);
		for (let field = 0; field < 40; field += 1) block.merge(0, `x${field}`, register(true, 1));
		expect([...block.fields]).toHaveLength(32);
	});
});
