import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { EdgeKind } from './counters.ts';
import type { Edge, EdgeDeps } from './edge.ts';
import { lmtpEdge, receivingEdge } from './receiving.ts';
import { submissionEdge } from './submission.ts';

export type { EdgeDeps } from './edge.ts';

export interface SmtpEdgesOptions extends EdgeDeps {
	/** Address all ports are bound to. */
	readonly host: string;
	/** 0: any free port. */
	readonly ports: Readonly<Record<EdgeKind, number>>;
}

/** The edges, listening. */
export interface SmtpEdges {
	/** The ports they really listen on. */
	readonly ports: Readonly<Record<EdgeKind, number>>;
	/** Takes no more connections, tells whoever waits, and lets messages under way end, for some seconds. */
	close(): Promise<void>;
}

/**
 * Starts to listen for mail: from other servers, from mail programs, and by LMTP.
 *
 * @throws where a port can't be had; then none listens
 */
export async function startSmtpEdges({ host, ports, ...deps }: SmtpEdgesOptions): Promise<SmtpEdges> {
	const edges: Readonly<Record<EdgeKind, Edge>> = {
		receiving: receivingEdge(deps),
		submission: submissionEdge(deps),
		lmtp: lmtpEdge(deps)
	};
	const close = async () => {
		await Promise.all(Object.values(edges).map(closed));
	};
	try {
		const [receiving, submission, lmtp] = await Promise.all([
			listening(edges.receiving, ports.receiving, host),
			listening(edges.submission, ports.submission, host),
			listening(edges.lmtp, ports.lmtp, host)
		]);
		return { ports: { receiving, submission, lmtp }, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function listening({ server }: Edge, port: number, host: string): Promise<number> {
	const listener = server.listen(port, host);
	await once(listener, 'listening');
	return (listener.address() as AddressInfo).port;
}

function closed({ server, conversations }: Edge): Promise<void> {
	return new Promise((resolve) => {
		server.close(resolve);
		for (const connection of server.connections) {
			if (!conversations.isReceiving(connection.session.id))
				connection.send(421, '4.3.2 The server is leaving');
		}
	});
}
