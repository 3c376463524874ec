import type { DeviceId } from '#schema/ids.ts';
import { audit, type AuditEdge } from '#schema/tables/space.ts';
import type { Database } from '../drizzle.ts';
import { spaceOf } from './space-row.ts';

/**
 * What somebody did, who and how. It is the space's principal who does, with a device as far as one is known; a mail
 * program has none, and who imports runs the server and is no principal.
 */
export type Act = {
	readonly action:
		| 'push'
		| 'purge'
		| 'submit'
		| 'cancel-submission'
		| 'release-submission'
		| 'send-again'
		| 'attach'
		| 'import';
	/** What it was done to, in numbers; never content. */
	readonly detail: string;
} & (
	| { readonly edge: Extract<AuditEdge, 'sync'>; readonly device: DeviceId }
	| { readonly edge: Extract<AuditEdge, 'http'>; readonly device: DeviceId | null }
	| { readonly edge: Extract<AuditEdge, 'smtp' | 'import'>; readonly device: null }
);

/** Notes an act, in the transaction that does it. `seq`: its entry in the log; null where it changed only what lies beside. */
export function writeAudit(database: Database, act: Act, seq: number | null, at: number): void {
	const { edge, device, action, detail } = act;
	const principal = edge === 'import' ? null : spaceOf(database).principal;
	database.insert(audit).values({ seq, at, principal, device, edge, action, detail }).run();
}
