import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';
import { ManualClock } from './trial/manual-clock.ts';

/** A pace of 10 ms on a clock moved by hand, and who went when. */
function stage() {
	const clock = new ManualClock(1000);
	const pace = new Pace(clock, 10);
	const gone: string[] = [];
	const settled = () => new Promise(setImmediate);
	const come = (name: string) => {
		void pace.come().then(() => gone.push(`${name} ${clock.now() - 1000}`));
		return settled();
	};
	const advance = (milliseconds: number) => {
		clock.advance(milliseconds);
		return settled();
	};
	return { clock, gone, come, advance };
}

describe('a pace', () => {
	it('[Q43] keeps nobody waiting who comes alone', async () => {
		const { gone, come, advance } = stage();
		await come('a');
		await advance(10);
		await come('b');
		expect(gone).toEqual(['a 0', 'b 10']);
	});

	it('[Q43] lets those go together that follow, each after the interval at most', async () => {
		const { gone, come, advance } = stage();
		await come('a');
		await advance(3);
		await come('b');
		await advance(3);
		await come('c');
		await advance(3);
		expect(gone).toEqual(['a 0']);
		await advance(1);
		expect(gone).toEqual(['a 0', 'b 10', 'c 10']);
		await come('d');
		await advance(10);
		expect(gone.at(-1)).toBe('d 20');
	});

	it('[Q43] waits no longer where the clock is set back', async () => {
		const { clock, gone, come, advance } = stage();
		await come('a');
		clock.advance(-500);
		await come('b');
		await advance(10);
		expect(gone).toHaveLength(2);
	});
});
