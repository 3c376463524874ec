import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { newId, type EnvelopeId, type RandomBytes } from '#schema/ids.ts';
import type { Directory } from '../accounts/directory.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { NewEnvelope } from '../store/queue/envelope.ts';
import type { TakenEnvelope } from '../store/queue/taking.ts';
import { composeBounce, type Failure } from './bounce.ts';
import type { Clock } from './clock.ts';
import { ContentMissingError, readHead } from './content.ts';
import { newEnvelope } from './entrance.ts';
import { destinationOf } from './recipients.ts';

export interface BouncingDeps {
	readonly directory: Pick<Directory, 'resolveRecipient'>;
	readonly blobs: BlobStore;
	/** Our name, in the bounce. */
	readonly name: string;
	/** The organisation's main domain; bounces come from its `mailer-daemon`. */
	readonly domain: string;
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly logger: Logger;
}

/** The bounce for failures of one envelope, ready to be stored; null where the message has the null sender. */
export function bouncing(deps: BouncingDeps) {
	return async (envelope: TakenEnvelope, failures: readonly Failure[]): Promise<NewEnvelope | null> => {
		const { directory, name, domain, clock, random, logger } = deps;
		if (envelope.sender === '') {
			logger.warn(
				{ envelope: envelope.id, failures: failures.length },
				'a message without a sender has failed'
			);
			return null;
		}
		const id: EnvelopeId = newId(random);
		const destination = destinationOf(await directory.resolveRecipient(envelope.sender));
		const bytes = await composeBounce({
			id,
			to: envelope.sender,
			by: name,
			domain,
			failures,
			original: await originalOf(deps.blobs, envelope),
			acceptedAt: envelope.acceptedAt,
			now: clock.now()
		});
		const content = {
			size: bytes.byteLength,
			dataHash: createHash('sha256').update(bytes).digest(),
			stored: { kind: 'inline', bytes } as const,
			head: bytes,
			release: () => undefined
		};
		const recipients = [{ address: envelope.sender, destination }];
		const accepting = {
			id,
			maker: 'machine',
			sender: '',
			recipients,
			trace: null,
			submission: null
		} as const;
		return newEnvelope(accepting, content, envelope.organisation, () => false);
	};
}

async function originalOf(blobs: BlobStore, envelope: TakenEnvelope): Promise<Uint8Array> {
	try {
		return await readHead(blobs, envelope);
	} catch (error) {
		// A bounce with no header of the original is better than none.
		if (error instanceof ContentMissingError) return new Uint8Array();
		throw error;
	}
}
