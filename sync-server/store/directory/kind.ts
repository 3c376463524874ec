import { fileKind } from '../file-kind.ts';
import { accountOperations } from './accounts.ts';
import { directoryMigrations } from './migrations.ts';
import { organisationOperations } from './organisation.ts';
import { sessionOperations } from './sessions.ts';
import { signInOperations } from './sign-ins.ts';

/** The organisation's directory; one file, `directory.db`. */
export const directoryKind = fileKind({
	name: 'directory',
	migrations: directoryMigrations,
	operations: { ...organisationOperations, ...accountOperations, ...sessionOperations, ...signInOperations }
});
