import { afterEach, expect, it, vi } from 'vitest';
import { deviceZone } from './time-zone.ts';

afterEach(() => {
	vi.unstubAllEnvs();
});

it('[Q49] tells the zone the device is set to', () => {
	vi.stubEnv('TZ', 'Asia/Shanghai');
	expect(deviceZone()).toBe('Asia/Shanghai');
});

it.each(['GMT+8', 'UTC-8'])(
	'[Q49] tells none where the device is set to an offset and no zone: %s',
	(set) => {
		vi.stubEnv('TZ', set);
		expect(deviceZone()).toBeUndefined();
	}
);
