import { fileKind } from '../file-kind.ts';
import { acceptOperations } from './accept.ts';
import { queueMigrations } from './migrations.ts';
import { outcomeOperations } from './outcomes.ts';
import { submissionOperations } from './submissions.ts';
import { takingOperations } from './taking.ts';
import { upkeepOperations } from './upkeep.ts';

/** The node's queue; one file, `queue.db`. */
export const queueKind = fileKind({
	name: 'queue',
	urgent: true,
	migrations: queueMigrations,
	operations: {
		...acceptOperations,
		...takingOperations,
		...outcomeOperations,
		...submissionOperations,
		...upkeepOperations
	}
});
