import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '#lib/replica/trial/manual-clock.ts';
import type { FetchWatch } from '#lib/replica/contents.ts';
import { PatientFetch, type FetchState, type NotFetched } from './patient-fetch.ts';

interface Here {
	readonly kind: 'here';
}

/** Something that is asked for, and what was told of it; the test says what comes of each asking. */
function openFetch() {
	const clock = new ManualClock();
	const told: FetchState<Here>[] = [];
	const asked: { watch: FetchWatch; answer: (answer: Here | NotFetched) => void }[] = [];
	const fetch = new PatientFetch<Here>(
		clock,
		(watch) => new Promise((resolve) => asked.push({ watch, answer: resolve })),
		(state) => told.push(state)
	);
	return { clock, told, asked, fetch };
}

const fetching = { kind: 'fetching', received: 0 };

describe('fetching with patience', () => {
	it('asks again by itself without a word, later and later, until it is here', async () => {
		const { clock, told, asked, fetch } = openFetch();
		fetch.again();
		asked[0]?.answer({ kind: 'not-here' });
		await clock.advance(2_999);
		expect(asked).toHaveLength(1);
		await clock.advance(1);
		asked[1]?.answer({ kind: 'failed', code: 'refused' });
		await clock.advance(10_000);
		asked[2]?.watch.progress?.(5);
		asked[2]?.answer({ kind: 'here' });
		await clock.advance(600_000);
		expect(asked).toHaveLength(3);
		expect(told).toEqual([
			fetching,
			{ kind: 'not-here' },
			{ kind: 'failed', code: 'refused' },
			{ kind: 'here' }
		]);
	});

	it('asks at once when it is told to, and tells how far it is', async () => {
		const { told, asked, fetch } = openFetch();
		fetch.again();
		asked[0]?.answer({ kind: 'not-here' });
		await settled();
		fetch.again();
		fetch.again();
		asked[1]?.watch.progress?.(5);
		expect(asked).toHaveLength(2);
		expect(told.slice(2)).toEqual([fetching, fetching, { kind: 'fetching', received: 5 }]);
	});

	it('asks no more by itself for what is gone, but when the network is back', async () => {
		const { clock, asked, fetch } = openFetch();
		fetch.again();
		asked[0]?.answer({ kind: 'failed', code: 'signed-out' });
		await clock.advance(600_000);
		expect(asked).toHaveLength(1);
		fetch.kick();
		fetch.kick();
		expect(asked).toHaveLength(2);
	});

	it('gives up when nobody wants it any more', async () => {
		const { clock, told, asked, fetch } = openFetch();
		fetch.again();
		fetch.stop();
		expect(asked[0]?.watch.signal?.aborted).toBe(true);
		asked[0]?.answer({ kind: 'not-here' });
		await clock.advance(600_000);
		fetch.again();
		fetch.kick();
		expect(asked).toHaveLength(1);
		expect(told).toEqual([fetching]);
	});
});
