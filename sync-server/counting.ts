import type { Metrics } from './observe/metrics.ts';
import type { QueueCounters } from './queue/counters.ts';
import type { EdgeCounters } from './smtp/counters.ts';

/** The queue's counts as metrics. */
export function queueCounters(metrics: Metrics): QueueCounters {
	return {
		accepted: (recipients) => metrics.accepted.inc(recipients),
		settled: (to, state, deliveries) => metrics.deliveries.inc({ to, state }, deliveries),
		bounced: () => metrics.bounces.inc(),
		submitted: (answer) => metrics.submissions.inc({ answer })
	};
}

/** The mail edges' counts as metrics. */
export function edgeCounters(metrics: Metrics): EdgeCounters {
	return {
		connected: (edge) => metrics.smtpConnections.inc({ edge }),
		refused: (edge, code) => metrics.smtpRefusals.inc({ edge, code: String(code) }),
		taken: (edge, bytes) => metrics.smtpBytes.inc({ edge }, bytes)
	};
}
