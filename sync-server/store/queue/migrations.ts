import type { Migration } from '../migration.ts';

/** The steps of the queue's tables; see schema/tables/queue.ts for their meaning. */
export const queueMigrations: readonly Migration[] = [
	{
		version: 1,
		sql: `
			CREATE TABLE envelope (
				id TEXT PRIMARY KEY,
				organisation TEXT NOT NULL,
				state TEXT NOT NULL CHECK (state IN ('tentative', 'held', 'active')),
				maker TEXT NOT NULL CHECK (maker IN ('person', 'machine')),
				sender TEXT NOT NULL,
				space TEXT,
				submission TEXT,
				accepted_at INTEGER NOT NULL,
				active_at INTEGER NOT NULL,
				size INTEGER NOT NULL,
				data_hash BLOB NOT NULL,
				trace TEXT,
				body BLOB,
				CHECK ((space IS NULL) = (submission IS NULL))
			) STRICT;
			CREATE INDEX envelope_waiting ON envelope (state, active_at) WHERE state <> 'active';
			CREATE INDEX envelope_submission ON envelope (submission) WHERE submission IS NOT NULL;

			CREATE TABLE delivery (
				envelope TEXT NOT NULL REFERENCES envelope (id),
				recipient TEXT NOT NULL,
				destination TEXT NOT NULL CHECK (destination IN ('inside', 'outside', 'nowhere')),
				space TEXT,
				state TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'delivered', 'failed', 'unknown')),
				attempts INTEGER NOT NULL,
				next_at INTEGER NOT NULL,
				leased INTEGER NOT NULL,
				data_started INTEGER NOT NULL,
				status TEXT,
				detail TEXT NOT NULL,
				settled_at INTEGER NOT NULL,
				reported INTEGER NOT NULL,
				PRIMARY KEY (envelope, recipient),
				CHECK ((destination = 'inside') = (space IS NOT NULL))
			) STRICT, WITHOUT ROWID;
			CREATE INDEX delivery_due ON delivery (destination, next_at) WHERE state = 'queued' AND leased = 0;
			CREATE INDEX delivery_unreported ON delivery (envelope) WHERE reported = 0;

			CREATE TABLE repeat_guard (
				fingerprint BLOB NOT NULL,
				envelope TEXT NOT NULL,
				accepted_at INTEGER NOT NULL,
				ending TEXT NOT NULL CHECK (ending IN ('open', 'broken')),
				PRIMARY KEY (envelope, fingerprint)
			) STRICT, WITHOUT ROWID;
			CREATE INDEX repeat_guard_fingerprint ON repeat_guard (fingerprint);
			CREATE INDEX repeat_guard_accepted ON repeat_guard (accepted_at) WHERE ending = 'broken';
		`
	},
	{
		version: 2,
		sql: 'ALTER TABLE delivery ADD COLUMN also TEXT'
	}
];
