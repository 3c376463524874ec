import { describe, expect, it } from 'vitest';
import { isLoopback, networkOf } from './network.ts';
import { TokenBuckets } from './token-bucket.ts';

describe('token buckets', () => {
	const rate = { capacity: 3, interval: 1000 };

	it('give as many as they hold, then one per interval', () => {
		const buckets = new TokenBuckets(rate);
		expect([0, 0, 0].map((now) => buckets.take('a', now))).toEqual([null, null, null]);
		expect(buckets.take('a', 0)).toEqual({ wait: 1000 });
		expect(buckets.take('a', 600)).toEqual({ wait: 400 });
		expect(buckets.take('a', 1000)).toBeNull();
		expect(buckets.take('a', 1000)).toEqual({ wait: 1000 });
	});

	it('keep keys apart', () => {
		const buckets = new TokenBuckets({ capacity: 1, interval: 1000 });
		expect(buckets.take('a', 0)).toBeNull();
		expect(buckets.take('b', 0)).toBeNull();
		expect(buckets.take('a', 0)).not.toBeNull();
	});

	it('never hold more than their capacity, and take tokens back', () => {
		const buckets = new TokenBuckets(rate);
		buckets.take('a', 0);
		buckets.giveBack('a', 0);
		buckets.giveBack('a', 0);
		expect([0, 0, 0, 0].map((now) => buckets.take('a', now) === null)).toEqual([true, true, true, false]);
	});

	it('do not refill when the clock goes back', () => {
		const buckets = new TokenBuckets({ capacity: 1, interval: 1000 });
		buckets.take('a', 5000);
		expect(buckets.take('a', 0)).not.toBeNull();
	});

	it('remember a bounded number of keys', () => {
		const buckets = new TokenBuckets(rate, 100);
		for (let key = 0; key < 1000; key += 1) buckets.take(`key ${key}`, 0);
		expect(buckets.size).toBe(100);
	});
});

describe('networks', () => {
	it.each([
		['192.0.2.77', '192.0.2.0/24'],
		['::ffff:192.0.2.78', '192.0.2.0/24'],
		['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
		['2001:DB8:0001::1', '2001:db8:1::/48'],
		['2001:db8::5', '2001:db8:0::/48'],
		['::1', '0:0:0::/48'],
		['fe80::1%eth0', 'fe80:0:0::/48'],
		['not an address', 'unknown']
	])('%s counts as %s', (address, network) => {
		expect(networkOf(address)).toBe(network);
	});

	it('know what is this machine', () => {
		expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.0.0.1', '::2'].map(isLoopback)).toEqual([
			true,
			true,
			true,
			true,
			false,
			false
		]);
	});
});
