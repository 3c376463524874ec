import { createHash } from 'node:crypto';
import type { EnvelopeId, SpaceId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { Core } from '../core.ts';
import type { ParserPool } from '../mail/parser-pool.ts';
import { inlineLimit } from '../store/blobs/blob-store.ts';
import type { BodyReference } from '../store/space/parsed-message.ts';
import { importedPrefix } from '../store/space/placed.ts';
import { causeOf, type MessageSource, type SourceMessage } from './source.ts';

/** Into whose mailbox, and within which bounds. */
export interface ImportTarget {
	readonly space: SpaceId;
	readonly address: string;
	/** Larger messages are left out, bytes. */
	readonly maxBytes: number;
	/** Server time; what claims to be later came now. */
	readonly now: number;
}

/** How far an import is. */
export interface ImportProgress {
	imported: number;
	/** Those that were there already. */
	known: number;
	/** Those that could not be taken, and why; `cause` is what the system said when it was to be read. */
	readonly failed: ({ readonly origin: string } & (
		{ readonly reason: 'too-large' } | { readonly reason: 'unreadable'; readonly cause: string }
	))[];
}

/** How many messages, and bytes of them, are under way together. */
const together = { messages: 256, bytes: 24 << 20 } as const;

/** A message that is read, under the id of an envelope that its bytes give it. */
interface ReadMessage {
	readonly source: SourceMessage;
	readonly bytes: Uint8Array;
	readonly envelope: EnvelopeId;
}

/**
 * Imports messages in their order. Each has an envelope named by the hash of its bytes, so that running again, also
 * after it was interrupted, skips what is there. While one lot is written the next is read and parsed.
 */
export async function importMessages(
	core: Core,
	parser: Pick<ParserPool, 'parse'>,
	{ messages }: MessageSource,
	target: ImportTarget,
	tell: (progress: ImportProgress) => void
): Promise<ImportProgress> {
	const progress: ImportProgress = { imported: 0, known: 0, failed: [] };
	let writing: Promise<void> = Promise.resolve();
	for await (const lot of lotsOf(messages)) {
		const prepared = await prepare(core, parser, await readLot(lot, target, progress), target);
		await writing;
		writing = write(core, prepared, target, progress).then(() => tell(progress));
		// It is awaited with the next lot; a failure before that is not an unheard one.
		writing.catch(() => undefined);
		progress.known += prepared.known;
	}
	await writing;
	tell(progress);
	return progress;
}

async function* lotsOf(messages: AsyncIterable<SourceMessage>): AsyncGenerator<SourceMessage[]> {
	let lot: SourceMessage[] = [];
	let bytes = 0;
	for await (const message of messages) {
		if (lot.length >= together.messages || (lot.length > 0 && bytes + message.size > together.bytes)) {
			yield lot;
			lot = [];
			bytes = 0;
		}
		lot.push(message);
		bytes += message.size;
	}
	if (lot.length > 0) yield lot;
}

async function readLot(
	lot: readonly SourceMessage[],
	{ maxBytes }: ImportTarget,
	progress: ImportProgress
): Promise<ReadMessage[]> {
	const read = await Promise.all(
		lot.map(async (source): Promise<ReadMessage | null> => {
			if (source.size > maxBytes) {
				progress.failed.push({ origin: source.origin, reason: 'too-large' });
				return null;
			}
			try {
				const bytes = await source.read();
				const hash = createHash('sha256').update(bytes).digest('base64url');
				return { source, bytes, envelope: `${importedPrefix}${hash}` as EnvelopeId };
			} catch (error) {
				// One file that can't be read must not stop the others; it is named in the report.
				progress.failed.push({ origin: source.origin, reason: 'unreadable', cause: causeOf(error) });
				return null;
			}
		})
	);
	return read.filter((message) => message !== null);
}

interface Prepared {
	readonly placings: readonly Placing[];
	readonly known: number;
}

interface Placing extends ReadMessage {
	readonly parsed: Awaited<ReturnType<ParserPool['parse']>>;
	readonly body: BodyReference;
	readonly release: () => void;
}

async function prepare(
	core: Core,
	parser: Pick<ParserPool, 'parse'>,
	messages: readonly ReadMessage[],
	{ space, address }: ImportTarget
): Promise<Prepared> {
	const envelopes = messages.map(({ envelope }) => envelope);
	const placed = new Set(await core.space(space).call('placed', { recipient: address, envelopes }));
	const fresh = messages.filter(({ envelope }) => !placed.has(envelope));
	const placings = await Promise.all(
		fresh.map(async (message): Promise<Placing> => {
			const [parsed, stored] = await Promise.all([parser.parse(message.bytes), store(core, message.bytes)]);
			return { ...message, parsed, ...stored };
		})
	);
	return { placings, known: messages.length - fresh.length };
}

async function store(
	{ blobs, organisation }: Core,
	bytes: Uint8Array
): Promise<{ readonly body: BodyReference; readonly release: () => void }> {
	if (bytes.byteLength <= inlineLimit) return { body: { kind: 'inline', bytes }, release: () => undefined };
	const { hash, size, reservation } = await blobs.put(organisation.id, bytes, bytes.byteLength);
	return { body: { kind: 'blob', hash, size }, release: () => reservation.release() };
}

/** Asks for all at once: the writer takes them in this order, many to a commit. */
async function write(
	core: Core,
	{ placings }: Prepared,
	target: ImportTarget,
	progress: ImportProgress
): Promise<void> {
	const file = core.space(target.space);
	await Promise.all(
		placings.map(async ({ source, envelope, parsed, body, release }) => {
			try {
				const { repeated } = await file.call('place', {
					envelope,
					recipient: target.address,
					imported: true,
					receivedAt: Math.min(source.receivedAt, target.now),
					mailbox: systemMailbox(source.mailbox),
					keywords: source.keywords,
					parsed,
					body
				});
				if (repeated) progress.known += 1;
				else progress.imported += 1;
			} finally {
				release();
			}
		})
	);
}
