import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures that are read at the moment somebody asks for the metrics. */
export interface Readings {
	readonly sockets: () => number;
	readonly rooms: () => number;
	readonly queueDepth: () => Promise<number>;
	readonly openFiles: () => number;
	readonly waitingOperations: () => number;
	readonly commits: () => number;
}

/** What the server counts (Prometheus text format). No label ever holds an address or an id. */
export interface Metrics {
	/** What became of deliveries, by state and by whether they went inside or outside. */
	readonly deliveries: Counter<'state' | 'to'>;
	readonly signIns: Counter<'result'>;
	readonly pushes: Counter<'result'>;
	readonly requests: Counter<'method' | 'status'>;
	/** Seconds from asking the store until its answer, which for a write comes after the commit. */
	readonly storeSeconds: Histogram<'kind'>;
	readonly accepted: Counter;
	readonly smtpConnections: Counter<'edge'>;
	/** Bytes of the messages that were taken. */
	readonly smtpBytes: Counter<'edge'>;
	readonly smtpRefusals: Counter<'edge' | 'code'>;
	readonly submissions: Counter<'answer'>;
	readonly bounces: Counter;
	/** Runs of the store's upkeep. */
	readonly upkeeps: Counter<'result'>;
	/** What upkeep removed: rows, blobs, and bytes of blobs. */
	readonly upkeepRemoved: Counter<'what'>;
	/** Connects the gauges to what they show. */
	read(readings: Readings): void;
	/** The text for `/metrics`, and its type. */
	page(): Promise<{ readonly text: string; readonly type: string }>;
}

const storeBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Metrics in a registry of their own, with those of the process (memory, event loop, garbage collection). */
export function createMetrics(): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	const gauge = (name: string, help: string, reading: () => number | Promise<number>) =>
		new Gauge({
			name,
			help,
			registers,
			async collect() {
				try {
					this.set(await reading());
				} catch {
					// When something is broken the other figures are wanted most; this one says that it is none.
					this.set(Number.NaN);
				}
			}
		});
	const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
		new Counter({ name, help, labelNames, registers });
	return {
		deliveries: counter('hongyan_deliveries_total', 'Deliveries by what became of them', 'state', 'to'),
		accepted: counter('hongyan_accepted_recipients_total', 'Recipients of messages that were accepted'),
		smtpConnections: counter('hongyan_smtp_connections_total', 'Connections by edge', 'edge'),
		smtpBytes: counter('hongyan_smtp_bytes_total', 'Bytes of messages that were taken', 'edge'),
		smtpRefusals: counter('hongyan_smtp_refusals_total', 'Refusals by edge and reply code', 'edge', 'code'),
		submissions: counter('hongyan_submissions_total', 'Submissions by answer', 'answer'),
		bounces: counter('hongyan_bounces_total', 'Bounces that were written'),
		upkeeps: counter('hongyan_upkeeps_total', 'Runs of the daily upkeep by result', 'result'),
		upkeepRemoved: counter('hongyan_upkeep_removed_total', 'What upkeep removed, by what it was', 'what'),
		signIns: counter('hongyan_sign_ins_total', 'Attempts to sign in on the web by result', 'result'),
		pushes: counter('hongyan_pushes_total', 'Batches of changes from devices by result', 'result'),
		requests: counter(
			'hongyan_http_requests_total',
			'HTTP requests by method and status',
			'method',
			'status'
		),
		storeSeconds: new Histogram({
			name: 'hongyan_store_seconds',
			help: 'Time from asking the store until its answer, after the commit of a write, by kind of file',
			labelNames: ['kind'],
			buckets: storeBuckets,
			registers
		}),
		read(readings) {
			gauge('hongyan_sockets', 'Open WebSockets', readings.sockets);
			gauge('hongyan_rooms', 'Documents open for live editing', readings.rooms);
			gauge('hongyan_queue_depth', 'Deliveries that wait in the queue', readings.queueDepth);
			gauge('hongyan_open_files', 'Open database files', readings.openFiles);
			gauge('hongyan_waiting_operations', 'Store operations that wait', readings.waitingOperations);
			gauge('hongyan_commits', 'Commits since the start', readings.commits);
		},
		page: async () => ({ text: await registry.metrics(), type: registry.contentType })
	};
}
