import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	decodeAny,
	decodeFrame,
	encodeAny,
	encodeFrame,
	encodeLiveFrame,
	frameKinds,
	maxFrameBytes
} from './frames.ts';

const kinds = Object.keys(frameKinds) as (keyof typeof frameKinds)[];
const payloads = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		fc.constantFrom(null, undefined, true, false),
		fc.integer(),
		fc.maxSafeInteger(),
		fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
		fc.string(),
		fc.uint8Array({ maxLength: 20 }),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(
			fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
			tie('value'),
			{
				maxKeys: 4,
				noNullPrototype: true
			}
		)
	)
})).value;

describe('frames', () => {
	it('[W5] come back as they were sent', () => {
		fc.assert(
			fc.property(fc.constantFrom(...kinds), payloads, (kind, payload) => {
				expect(decodeFrame(encodeFrame(kind, payload))).toEqual({ channel: 0, kind, payload });
			})
		);
	});

	it('[W5] of live channels carry their bytes untouched', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1000 }), fc.uint8Array(), (channel, bytes) => {
				expect(decodeFrame(encodeLiveFrame(channel, bytes))).toEqual({ channel, kind: 'live', bytes });
			})
		);
	});

	it('[W5] are told from anything else without harm', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
				const frame = decodeFrame(bytes);
				if (frame?.channel === 0) expect(kinds).toContain(frame.kind);
			}),
			{ numRuns: 2000 }
		);
	});

	it('[W5] cut short are none', () => {
		const whole = encodeFrame('push', {
			batch: 'b',
			changes: [{ kind: 'text', update: new Uint8Array(100) }]
		});
		for (const length of [0, 1, 2, 20, whole.length - 1])
			expect(decodeFrame(whole.subarray(0, length))).toBeNull();
	});

	it('[W5] nested without end are none', () => {
		const deep = new Uint8Array(2 + 200_000).fill(117);
		deep.set([0, frameKinds.push]);
		for (let index = 2; index + 1 < deep.length; index += 2) deep[index + 1] = 1;
		expect(decodeFrame(deep)).toBeNull();
	});

	it('[W5] above the limit are none', () => {
		expect(decodeFrame(encodeLiveFrame(1, new Uint8Array(maxFrameBytes)))).toBeNull();
		expect(decodeFrame(encodeLiveFrame(1, new Uint8Array(maxFrameBytes - 10)))).not.toBeNull();
	});

	it('[W5] keep the numbers they have for ever', () => {
		expect(frameKinds).toMatchObject({ hello: 1, welcome: 2, push: 3, acked: 4, refused: 5 });
	});
});

describe('bodies in the same encoding', () => {
	it('[W5] come back as they were sent', () => {
		fc.assert(
			fc.property(payloads, (payload) => {
				expect(decodeAny(encodeAny(payload))).toEqual(payload);
			})
		);
	});
});
