import { keywords, type Keyword } from '#schema/mail/mailbox.ts';

/** Messages per block. Arrival numbers are dense, so a message's block and place follow from its number. */
export const blockSize = 1000;

/** Bytes of one block: date and thread of 4 bytes, mailbox and flags of 2, for each message. */
export const blockBytes = blockSize * 12;

/** Bits of a message's flags; the low ones are its keywords, in the order of `keywords`. */
export const flagBits = {
	attachments: 1 << 6,
	/** Withdrawn as of the replica's cursor. It may be set before the message itself is known. */
	withdrawn: 1 << 7,
	/** The message's fact is held; without it the other columns mean nothing. */
	held: 1 << 8
} as const;

const keywordBits = new Map<string, number>(keywords.map((keyword, index) => [keyword, 1 << index]));

/** The bit of a keyword; 0 for a field that is none. */
export function keywordBit(field: string): number {
	return keywordBits.get(field) ?? 0;
}

/** The flags of a set of keywords. */
export function keywordFlags(set: readonly Keyword[]): number {
	return set.reduce((flags, keyword) => flags | keywordBit(keyword), 0);
}

/** State columns of 1,000 consecutive messages over one buffer, as it is stored. */
export interface ColumnBlock {
	readonly buffer: ArrayBuffer;
	/** Seconds since 1970-01-01 UTC. */
	readonly dates: Uint32Array;
	/** Arrival number that names the thread. */
	readonly threads: Uint32Array;
	/** Index into the mailbox dictionary. */
	readonly mailboxes: Uint16Array;
	/** See {@link flagBits}. */
	readonly flags: Uint16Array;
}

/** Views over a stored buffer. Throws RangeError where it is not of a block's size. */
export function columnBlock(buffer: ArrayBuffer = new ArrayBuffer(blockBytes)): ColumnBlock {
	if (buffer.byteLength !== blockBytes) throw new RangeError('not a column block');
	return {
		buffer,
		dates: new Uint32Array(buffer, 0, blockSize),
		threads: new Uint32Array(buffer, blockSize * 4, blockSize),
		mailboxes: new Uint16Array(buffer, blockSize * 8, blockSize),
		flags: new Uint16Array(buffer, blockSize * 10, blockSize)
	};
}

/** A block of its own with the same columns. */
export function copyOfBlock(block: ColumnBlock): ColumnBlock {
	return columnBlock(block.buffer.slice(0));
}

/** The block a message lies in. */
export function blockOf(arrival: number): number {
	return Math.floor(arrival / blockSize);
}

/** Whether the flags are those of a message that exists for the person. */
export function isPresent(flags: number): boolean {
	return (flags & (flagBits.held | flagBits.withdrawn)) === flagBits.held;
}
