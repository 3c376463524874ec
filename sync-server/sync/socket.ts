/** The server's end of one WebSocket, as the protocol needs it; tests use a pair in memory. */
export interface SyncSocket {
	send(frame: Uint8Array): void;
	/** Closes with a code (RFC 6455, section 7.4) and a reason of a few words. */
	close(code: number, reason: string): void;
	/** Bytes that were sent and have not left this machine. */
	readonly buffered: number;
	/** Resolves once little is buffered, or the socket is closed. */
	drained(): Promise<void>;
}
