import * as v from 'valibot';
import { canonicalAddress } from '#schema/mail/address.ts';
import { utc, zoneOffset, type TimeZone } from '#schema/zoned-instant.ts';
import type { HeaderFields } from '../mail/header-block.ts';

/** Facts of how a message came to us, kept beside it (RFC 5321 section 4.4). */
export interface Trace {
	/** IP address of the peer. */
	readonly peer: string;
	/** What the peer called itself; empty where it did not say. */
	readonly helo: string;
	/** Transmission type, such as `ESMTPS` (RFC 3848). */
	readonly protocol: string;
	/** Our name. */
	readonly by: string;
}

const stored = v.object({ peer: v.string(), helo: v.string(), protocol: v.string(), by: v.string() });

/** A trace as it lies in the queue. */
export function writeTrace(trace: Trace): string {
	return JSON.stringify(trace);
}

/** What {@link writeTrace} wrote. */
export function readTrace(text: string): Trace {
	return v.parse(stored, JSON.parse(text));
}

/** More `Received` fields than this are a loop (RFC 5321 section 6.3 wants at least 100 hops refused; 50 is used). */
const mostHops = 50;

/**
 * Whether a message goes round in circles.
 *
 * @param recipients canonical addresses it is for now; empty where `Delivered-To` says nothing, as behind LMTP
 */
export function isLoop(header: HeaderFields, recipients: readonly string[]): boolean {
	if ((header.get('received')?.length ?? 0) > mostHops) return true;
	const delivered = (header.get('delivered-to') ?? []).map((value) =>
		canonicalAddress(value.replace(/^<|>$/g, ''))
	);
	return recipients.some((recipient) => delivered.includes(recipient));
}

/** The `Received` field put in front of a message when it is passed on; CRLF at its end. */
export function receivedField(trace: Trace, id: string, acceptedAt: number): string {
	const peer = trace.peer.includes(':') ? `IPv6:${trace.peer}` : trace.peer;
	const from = trace.helo === '' ? `[${peer}]` : `${traceWord(trace.helo)} ([${peer}])`;
	return (
		`Received: from ${from}\r\n` +
		`\tby ${traceWord(trace.by)} with ${traceWord(trace.protocol)} id ${id};\r\n` +
		`\t${dateField(acceptedAt)}\r\n`
	);
}

/** An instant (`at` in milliseconds UTC) as RFC 5322 section 3.3 writes a date: what the clocks of the zone showed then. */
export function dateField(at: number, zone: TimeZone = utc): string {
	const ahead = zoneOffset({ at, zone });
	const hours = String(Math.trunc(Math.abs(ahead) / 60)).padStart(2, '0');
	const minutes = String(Math.abs(ahead) % 60).padStart(2, '0');
	const shown = new Date(at + ahead * 60_000).toUTCString();
	return shown.replace('GMT', `${ahead < 0 ? '-' : '+'}${hours}${minutes}`);
}

/** What a peer said of itself, made fit for a header field. */
function traceWord(text: string): string {
	return text.replace(/[^\p{L}\p{N}.:[\]_-]/gu, '?').slice(0, 255);
}
