import type { Migration } from '../migration.ts';

/** The steps of a space's tables; see schema/tables/space.ts for their meaning. */
export const spaceMigrations: readonly Migration[] = [
	{
		version: 1,
		sql: `
			CREATE TABLE space (
				id TEXT PRIMARY KEY,
				organisation TEXT NOT NULL,
				principal TEXT NOT NULL,
				kind TEXT NOT NULL CHECK (kind IN ('mailbox')),
				generation TEXT NOT NULL,
				created_at INTEGER NOT NULL,
				head INTEGER NOT NULL,
				floor INTEGER NOT NULL,
				arrivals INTEGER NOT NULL,
				clock_time INTEGER NOT NULL,
				clock_counter INTEGER NOT NULL,
				used_bytes INTEGER NOT NULL,
				quota_bytes INTEGER
			) STRICT;

			CREATE TABLE log (
				seq INTEGER PRIMARY KEY,
				at INTEGER NOT NULL,
				device TEXT,
				origin TEXT NOT NULL,
				changes BLOB NOT NULL
			) STRICT;

			CREATE TABLE audit (
				seq INTEGER PRIMARY KEY,
				at INTEGER NOT NULL,
				principal TEXT NOT NULL,
				device TEXT NOT NULL,
				action TEXT NOT NULL,
				detail TEXT NOT NULL
			) STRICT;

			CREATE TABLE message (
				arrival INTEGER PRIMARY KEY,
				id TEXT NOT NULL UNIQUE,
				received_at INTEGER NOT NULL,
				mailbox TEXT NOT NULL,
				keywords INTEGER NOT NULL,
				placed_mailbox TEXT NOT NULL,
				placed_keywords INTEGER NOT NULL,
				thread INTEGER NOT NULL,
				submission TEXT,
				placed_seq INTEGER NOT NULL,
				changed_seq INTEGER NOT NULL,
				withdrawn_seq INTEGER
			) STRICT;
			CREATE INDEX message_thread ON message (thread);

			CREATE TABLE summary (arrival INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

			CREATE TABLE message_register (
				field INTEGER NOT NULL,
				arrival INTEGER NOT NULL,
				value TEXT NOT NULL,
				time INTEGER NOT NULL,
				counter INTEGER NOT NULL,
				device TEXT NOT NULL,
				PRIMARY KEY (field, arrival)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE subject_register (
				subject TEXT NOT NULL,
				field TEXT NOT NULL,
				value TEXT NOT NULL,
				time INTEGER NOT NULL,
				counter INTEGER NOT NULL,
				device TEXT NOT NULL,
				PRIMARY KEY (subject, field)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE document (
				id TEXT PRIMARY KEY,
				snapshot BLOB,
				snapshot_seq INTEGER NOT NULL,
				last_seq INTEGER NOT NULL,
				pending_updates INTEGER NOT NULL,
				pending_bytes INTEGER NOT NULL
			) STRICT;

			CREATE TABLE document_update (
				document TEXT NOT NULL,
				number INTEGER NOT NULL,
				bytes BLOB NOT NULL,
				PRIMARY KEY (document, number)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE submission (
				id TEXT PRIMARY KEY,
				document TEXT,
				state TEXT NOT NULL,
				release_at INTEGER NOT NULL,
				submitted_at INTEGER NOT NULL,
				bytes BLOB NOT NULL
			) STRICT;

			CREATE TABLE submission_delivery (
				submission TEXT NOT NULL,
				recipient TEXT NOT NULL,
				state TEXT NOT NULL,
				status TEXT,
				detail TEXT NOT NULL,
				at INTEGER NOT NULL,
				PRIMARY KEY (submission, recipient)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE body (
				arrival INTEGER PRIMARY KEY,
				size INTEGER NOT NULL,
				hash TEXT,
				bytes BLOB,
				CHECK ((hash IS NULL) <> (bytes IS NULL))
			) STRICT;
			CREATE INDEX body_hash ON body (hash) WHERE hash IS NOT NULL;

			CREATE TABLE content (arrival INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

			CREATE TABLE placement (
				delivery TEXT NOT NULL,
				recipient TEXT NOT NULL,
				arrival INTEGER NOT NULL,
				at INTEGER NOT NULL,
				PRIMARY KEY (delivery, recipient)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE thread_id (message_id TEXT PRIMARY KEY, arrival INTEGER NOT NULL) STRICT, WITHOUT ROWID;
			CREATE TABLE thread_subject (
				subject TEXT NOT NULL,
				at INTEGER NOT NULL,
				arrival INTEGER NOT NULL,
				PRIMARY KEY (subject, at, arrival)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE device (
				id TEXT PRIMARY KEY,
				time INTEGER NOT NULL,
				counter INTEGER NOT NULL,
				out_of_order INTEGER NOT NULL
			) STRICT, WITHOUT ROWID;

			CREATE TABLE batch (
				device TEXT NOT NULL,
				id TEXT NOT NULL,
				seq INTEGER NOT NULL,
				stamps BLOB NOT NULL,
				at INTEGER NOT NULL,
				PRIMARY KEY (device, id)
			) STRICT, WITHOUT ROWID;

			CREATE TABLE answer (command TEXT PRIMARY KEY, result BLOB NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

			CREATE TABLE submission_key (
				submission TEXT PRIMARY KEY,
				payload_hash TEXT,
				envelope TEXT,
				device TEXT,
				document TEXT,
				generation INTEGER NOT NULL,
				release_at INTEGER NOT NULL
			) STRICT, WITHOUT ROWID;

			CREATE TABLE letter (
				submission TEXT PRIMARY KEY,
				parsed BLOB NOT NULL,
				size INTEGER NOT NULL,
				hash TEXT,
				bytes BLOB,
				CHECK ((hash IS NULL) <> (bytes IS NULL))
			) STRICT;

			CREATE TABLE attachment (
				id TEXT PRIMARY KEY,
				document TEXT NOT NULL,
				name TEXT NOT NULL,
				type TEXT NOT NULL,
				size INTEGER NOT NULL,
				hash TEXT NOT NULL,
				bytes BLOB,
				created_at INTEGER NOT NULL
			) STRICT;
			CREATE INDEX attachment_document ON attachment (document);
		`
	},
	{
		version: 2,
		sql: 'ALTER TABLE placement RENAME COLUMN delivery TO envelope'
	},
	{
		version: 3,
		// Until then only what came by a device's socket was noted, and only with an entry.
		sql: `
			CREATE TABLE audit_of_acts (
				number INTEGER PRIMARY KEY,
				seq INTEGER,
				at INTEGER NOT NULL,
				principal TEXT,
				device TEXT,
				edge TEXT NOT NULL CHECK (edge IN ('sync', 'http', 'smtp', 'import')),
				action TEXT NOT NULL,
				detail TEXT NOT NULL
			) STRICT;
			INSERT INTO audit_of_acts (seq, at, principal, device, edge, action, detail)
				SELECT seq, at, principal, device, 'sync', action, detail FROM audit ORDER BY seq;
			DROP TABLE audit;
			ALTER TABLE audit_of_acts RENAME TO audit;
		`
	},
	{
		version: 4,
		sql: `
			ALTER TABLE submission ADD COLUMN sent_at INTEGER;
			ALTER TABLE submission ADD COLUMN zone TEXT;
		`
	}
];
