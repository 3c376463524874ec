import { pino } from 'pino';
import { Office, type OfficeOptions } from '../../queue/trial/office.ts';
import { addressLimits } from '../conversations.ts';
import { noEdgeCounters } from '../counters.ts';
import { startSmtpEdges, type SmtpEdges, type SmtpEdgesOptions } from '../edges.ts';

/** Mail from outside, as a mail server hands it over. */
export const message = 'From: far@outside.example\r\nSubject: News\r\n\r\nHello\r\n';

/** An office for tests whose edges listen on free ports. */
export interface OpenOffice {
	readonly office: Office;
	readonly edges: SmtpEdges;
	/** What the edges logged. */
	readonly logged: readonly string[];
	/** The messages of somebody's inbox once all that was accepted is delivered, bytes as Latin-1, oldest first. */
	inbox(address: string): Promise<string[]>;
	close(): Promise<void>;
}

export async function openOffice(
	options: OfficeOptions = {},
	edgeOptions: Partial<SmtpEdgesOptions> = {}
): Promise<OpenOffice> {
	const office = await Office.open(options);
	const logged: string[] = [];
	const edges = await startSmtpEdges({
		queue: office.queue,
		directory: office.directory,
		name: 'mx.hongyan.example',
		domain: 'hongyan.example',
		tls: null,
		maxBytes: options.messageBytes ?? 50_000_000,
		addressLimits,
		now: office.clock.now,
		logger: pino({ level: 'trace' }, { write: (line) => void logged.push(line) }),
		counters: noEdgeCounters,
		host: '127.0.0.1',
		ports: { receiving: 0, submission: 0, lmtp: 0 },
		...edgeOptions
	});
	const close = async () => {
		await edges.close();
		await office.close();
	};
	const inbox = async (address: string) => {
		await office.queue.idle();
		return (await office.mailbox(address)).map(({ raw }) => raw);
	};
	return { office, edges, logged, inbox, close };
}
