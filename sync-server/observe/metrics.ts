import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures that are read at the moment somebody asks for the metrics. */
export interface Readings {
	readonly sockets: () => number;
	readonly rooms: () => number;
	readonly queueDepth: () => number;
	readonly openFiles: () => number;
	readonly waitingOperations: () => number;
}

/** What the server counts (Prometheus text format). No label ever holds an address or an id. */
export interface Metrics {
	/** What became of deliveries, by state and by whether they went inside or outside. */
	readonly deliveries: Counter<'state' | 'to'>;
	readonly signIns: Counter<'result'>;
	readonly pushes: Counter<'result'>;
	readonly requests: Counter<'method' | 'status'>;
	/** Seconds from asking for a write until its commit was on the disk. */
	readonly commitSeconds: Histogram<'kind'>;
	/** Connects the gauges to what they show. */
	read(readings: Readings): void;
	/** The text for `/metrics`, and its type. */
	page(): Promise<{ readonly text: string; readonly type: string }>;
}

const commitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Metrics in a registry of their own, with those of the process (memory, event loop, garbage collection). */
export function createMetrics(): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	const gauge = (name: string, help: string, reading: () => number) =>
		new Gauge({
			name,
			help,
			registers,
			collect() {
				this.set(reading());
			}
		});
	return {
		deliveries: new Counter({
			name: 'hongyan_deliveries_total',
			help: 'Deliveries by what became of them',
			labelNames: ['state', 'to'],
			registers
		}),
		signIns: new Counter({
			name: 'hongyan_sign_ins_total',
			help: 'Attempts to sign in by result',
			labelNames: ['result'],
			registers
		}),
		pushes: new Counter({
			name: 'hongyan_pushes_total',
			help: 'Batches of changes from devices by result',
			labelNames: ['result'],
			registers
		}),
		requests: new Counter({
			name: 'hongyan_http_requests_total',
			help: 'HTTP requests by method and status',
			labelNames: ['method', 'status'],
			registers
		}),
		commitSeconds: new Histogram({
			name: 'hongyan_commit_seconds',
			help: 'Time from asking for a write until its commit, by kind of file',
			labelNames: ['kind'],
			buckets: commitBuckets,
			registers
		}),
		read(readings) {
			gauge('hongyan_sockets', 'Open WebSockets', readings.sockets);
			gauge('hongyan_rooms', 'Documents open for live editing', readings.rooms);
			gauge('hongyan_queue_depth', 'Deliveries that wait in the queue', readings.queueDepth);
			gauge('hongyan_open_files', 'Open database files', readings.openFiles);
			gauge('hongyan_waiting_operations', 'Store operations that wait', readings.waitingOperations);
		},
		page: async () => ({ text: await registry.metrics(), type: registry.contentType })
	};
}
