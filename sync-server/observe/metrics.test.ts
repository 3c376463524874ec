import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('metrics', () => {
	it('show counts, the commit histogram, memory, and readings of the moment', async () => {
		const metrics = createMetrics();
		let sockets = 3;
		metrics.read({
			sockets: () => sockets,
			rooms: () => 0,
			queueDepth: async () => 7,
			openFiles: () => 2,
			waitingOperations: () => 0,
			commits: () => 9
		});
		metrics.deliveries.inc({ state: 'delivered', to: 'inside' });
		metrics.storeSeconds.observe({ kind: 'space' }, 0.004);
		sockets = 4;
		const { text, type } = await metrics.page();
		expect(type).toContain('text/plain');
		expect(text).toContain('hongyan_deliveries_total{state="delivered",to="inside"} 1');
		expect(text).toContain('hongyan_store_seconds_bucket{le="0.005",kind="space"} 1');
		expect(text).toContain('hongyan_sockets 4');
		expect(text).toContain('hongyan_queue_depth 7');
		expect(text).toContain('process_resident_memory_bytes');
	});

	it('show everything else where one reading can not be had', async () => {
		const metrics = createMetrics();
		metrics.read({
			sockets: () => 3,
			rooms: () => 0,
			queueDepth: () => Promise.reject(new Error('the queue can not be read')),
			openFiles: () => 2,
			waitingOperations: () => 0,
			commits: () => 9
		});
		const { text } = await metrics.page();
		expect(text).toContain('hongyan_sockets 3');
		expect(text).toMatch(/hongyan_queue_depth NaN/i);
	});

	it('of two servers in one process keep apart', async () => {
		createMetrics().signIns.inc({ result: 'good' });
		expect((await createMetrics().page()).text).not.toContain('hongyan_sign_ins_total{result="good"} 1');
	});
});
