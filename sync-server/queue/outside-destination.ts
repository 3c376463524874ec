import type { Logger } from 'pino';
import type { EnvelopeId } from '#schema/ids.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Outcome } from '../store/queue/outcomes.ts';
import type { TakenDelivery, TakenEnvelope } from '../store/queue/taking.ts';
import { readContent } from './content.ts';
import { Gate } from './gate.ts';
import { outsideOutcomes } from './outside.ts';
import type { HandoverResult, Smarthost } from './smarthost.ts';
import { readTrace, receivedField } from './trace.ts';

export interface OutsideDeps {
	readonly smarthost: Smarthost | null;
	readonly blobs: BlobStore;
	/** Commits that the last byte of DATA may leave for these recipients. */
	readonly startData: (envelope: EnvelopeId, recipients: readonly string[]) => Promise<void>;
	readonly now: () => number;
	readonly logger: Logger;
}

/** Transactions with the smarthost at once. */
const transactionsAtOnce = 8;

/** Recipients of one transaction; every server takes that many (RFC 5321 section 4.5.3.1.8). */
const recipientsTogether = 100;

/** Delivers by the smarthost; recipients of one envelope share its transactions. */
export function outsideDestination(deps: OutsideDeps) {
	const gate = new Gate(transactionsAtOnce);
	const seen = watch(deps.logger);
	return async (envelope: TakenEnvelope, deliveries: readonly TakenDelivery[]): Promise<Outcome[]> => {
		const groups: TakenDelivery[][] = [];
		for (let start = 0; start < deliveries.length; start += recipientsTogether) {
			groups.push(deliveries.slice(start, start + recipientsTogether));
		}
		const outcomes = await Promise.all(
			groups.map((group) =>
				gate.through(async () => {
					const result = await handOver(deps, envelope, group);
					seen(result);
					return outsideOutcomes(envelope, group, result, deps.now());
				})
			)
		);
		return outcomes.flat();
	};
}

/** Tells whoever runs the server when the smarthost is no longer reached, and when it is again. */
function watch(logger: Logger): (result: HandoverResult) => void {
	let isReached = true;
	return (result) => {
		const cause = result.kind === 'broken' ? result.notReached : null;
		if (isReached === (cause === null)) return;
		isReached = cause === null;
		if (isReached) logger.info('the smarthost is reached again');
		else logger.warn({ cause }, 'the smarthost is not reached; mail to the outside waits');
	};
}

function handOver(
	{ smarthost, blobs, startData }: OutsideDeps,
	envelope: TakenEnvelope,
	deliveries: readonly TakenDelivery[]
): Promise<HandoverResult> {
	const recipients = deliveries.map(({ recipient }) => recipient);
	if (smarthost === null) return Promise.resolve(noRoute(recipients));
	const { id, sender, size, trace, acceptedAt } = envelope;
	const front = Buffer.from(trace === null ? '' : receivedField(readTrace(trace), id, acceptedAt));
	return smarthost.hand({
		sender,
		recipients,
		size: front.byteLength + size,
		content: inFront(front, readContent(blobs, envelope)),
		beforeLastByte: () => startData(id, recipients)
	});
}

function noRoute(recipients: readonly string[]): HandoverResult {
	const answers = recipients.map((recipient) => {
		return { recipient, kind: 'refused', permanent: true, status: '5.4.4', detail: 'no-route' } as const;
	});
	return { kind: 'answered', answers };
}

async function* inFront(front: Uint8Array, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	if (front.byteLength > 0) yield front;
	yield* content;
}
