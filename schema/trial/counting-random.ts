import type { RandomBytes } from '../ids.ts';

/** Bytes that never repeat and are the same in every run: a count. */
export function countingRandom(): RandomBytes {
	let last = 0;
	return (length) => {
		last += 1;
		const bytes = new Uint8Array(length);
		new DataView(bytes.buffer).setUint32(0, last);
		return bytes;
	};
}
