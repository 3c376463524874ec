import { canonicalAddress } from '#schema/mail/address.ts';
import { parseAddresses } from '../mail/addresses.ts';
import {
	fieldValue,
	findHeaderBlock,
	headerLimits,
	readHeaderFields,
	type HeaderFields
} from '../mail/header-block.ts';

/** Bytes at the start of a message that are looked at for its header; a longer header is read this far. */
export const headLimit = headerLimits.bytes;

const lineFeed = 0x0a;

/** More addresses in one field than this are not read. */
const mostAddresses = 1000;

function bufferOf(head: Uint8Array): Buffer {
	return Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, headLimit));
}

/** Where the header at the start of a message ends: the offset of the empty line, or of what is no header. */
export function headerEnd(head: Uint8Array): number {
	const bytes = bufferOf(head);
	return findHeaderBlock(bytes, 0, bytes.length, lineFeed).end;
}

/** The header at the start of a message, read as the parser reads what people are shown. Never throws. */
export function readHeader(head: Uint8Array): HeaderFields {
	const bytes = bufferOf(head);
	return readHeaderFields(bytes, findHeaderBlock(bytes, 0, bytes.length, lineFeed), lineFeed);
}

/** The canonical addresses in all fields of that name (lower case), those in groups among them. */
export function addressesIn(fields: HeaderFields, name: string): string[] {
	return (fields.get(name) ?? []).flatMap((value) =>
		parseAddresses(value, 'utf-8', mostAddresses).map(({ address }) => canonicalAddress(address))
	);
}

/** The Message-ID with its angle brackets, or null where there is none that can be referred to. */
export function messageIdIn(fields: HeaderFields): string | null {
	return /<[^<>\s\u0080-\u00ff]{1,900}>/.exec(fieldValue(fields, 'message-id'))?.[0] ?? null;
}

/** The start of a message without the fields of that name (lower case); every other byte stays as it was. */
export function withoutField(head: Uint8Array, name: string): Buffer {
	const bytes = bufferOf(head);
	const end = headerEnd(head);
	const kept: Uint8Array[] = [];
	let isDropped = false;
	for (let start = 0; start < end;) {
		const found = bytes.indexOf(lineFeed, start);
		const next = found < 0 || found >= end ? end : found + 1;
		const line = bytes.toString('latin1', start, Math.min(next, start + name.length + 40));
		if (!/^[ \t]/.test(line)) isDropped = /^([^\s:]+)[ \t]*:/.exec(line)?.[1]?.toLowerCase() === name;
		if (!isDropped) kept.push(bytes.subarray(start, next));
		start = next;
	}
	return Buffer.concat([...kept, head.subarray(end)]);
}
