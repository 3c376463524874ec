import { fileKind } from '../file-kind.ts';
import { answerOperations } from './answers.ts';
import { attachmentOperations } from './attachments.ts';
import { catchUpOperations } from './catch-up.ts';
import { changedPackOperations } from './changed-pack.ts';
import { createOperations } from './create.ts';
import { deliveryOperations } from './deliveries.ts';
import { documentOperations } from './documents.ts';
import { spaceMigrations } from './migrations.ts';
import { openingOperations } from './opening.ts';
import { placeOperation } from './place.ts';
import { placedOperations } from './placed.ts';
import { purgeOperations } from './purge.ts';
import { pushOperations } from './push.ts';
import { readingOperations } from './reading.ts';
import { releaseEarlyOperation, releaseOperation, releaseOperations } from './release.ts';
import { submitOperations } from './submit.ts';
import type { JoinThread } from './threads.ts';
import { trimOperations } from './trim.ts';
import { upkeepOperations } from './upkeep.ts';

/**
 * A space: a person's mailbox and what belongs to it; one file per space, made by `create`. Threading is the
 * business of mail, so it is passed in where the program is wired.
 */
export function spaceKind(join: JoinThread) {
	return fileKind({
		name: 'space',
		createdBy: 'create',
		migrations: spaceMigrations,
		operations: {
			...createOperations,
			...catchUpOperations,
			...changedPackOperations,
			...openingOperations,
			...pushOperations,
			place: placeOperation(join),
			...placedOperations,
			...submitOperations,
			release: releaseOperation(join),
			'release-early': releaseEarlyOperation(join),
			...releaseOperations,
			...deliveryOperations,
			...purgeOperations,
			...answerOperations,
			...readingOperations,
			...documentOperations,
			...attachmentOperations,
			...trimOperations,
			...upkeepOperations
		}
	});
}

/** The kind's type, for `store.file<SpaceKind>('space', spacePath(id))` without loading it. */
export type SpaceKind = ReturnType<typeof spaceKind>;
