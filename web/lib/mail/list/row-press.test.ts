import { expect, it } from 'vitest';
import { RowPress } from './row-press.ts';

it('a press counts only for the message it began on', () => {
	let shown = 4;
	const press = new RowPress(() => shown);
	const byPointer = { detail: 1 };
	expect(press.isWhole(byPointer)).toBe(false);
	press.begin();
	expect(press.isWhole(byPointer)).toBe(true);
	shown = 5;
	expect(press.isWhole(byPointer)).toBe(false);
	expect(press.isWhole({ detail: 0 })).toBe(true);
});
