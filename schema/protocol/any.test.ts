import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import { writeAny } from './any.ts';

const strings = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: 'grapheme' }),
	// At the bounds of a length of one byte, of two, and of the room that is kept.
	fc
		.tuple(
			fc.constantFrom('a', '鸿', '😀', '\ud83d'),
			fc.constantFrom(127, 128, 5_461, 16_384, 16_385, 60_000)
		)
		.map(([unit, count]) => unit.repeat(count))
);
const values = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		fc.constantFrom(null, undefined, true, false),
		fc.double(),
		fc.maxSafeInteger(),
		strings,
		fc.uint8Array(),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(strings, tie('value'), { maxKeys: 4 })
	)
})).value;

describe('values', () => {
	it('[W5] are written byte for byte as lib0 writes them', () => {
		fc.assert(
			fc.property(values, (value) => {
				const own = encoding.encode((encoder) => writeAny(encoder, value));
				const theirs = encoding.encode((encoder) => {
					encoding.writeAny(encoder, value as encoding.AnyEncodable);
				});
				expect(own).toEqual(theirs);
			})
		);
	});
});
