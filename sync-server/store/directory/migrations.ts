import type { Migration } from '../migration.ts';

/** Steps of the directory's tables (`schema/tables/directory.ts`). */
export const directoryMigrations: readonly Migration[] = [
	{
		version: 1,
		sql: `
			CREATE TABLE organisation (
				id TEXT NOT NULL PRIMARY KEY,
				name TEXT NOT NULL,
				created_at INTEGER NOT NULL
			) STRICT;
			CREATE TABLE domain (
				domain TEXT NOT NULL PRIMARY KEY,
				position INTEGER NOT NULL
			) STRICT, WITHOUT ROWID;
			CREATE TABLE department (
				id TEXT NOT NULL PRIMARY KEY,
				parent TEXT REFERENCES department (id),
				name TEXT NOT NULL,
				position INTEGER NOT NULL
			) STRICT;
			CREATE TABLE account (
				principal TEXT NOT NULL PRIMARY KEY,
				name TEXT NOT NULL,
				address TEXT NOT NULL,
				department TEXT REFERENCES department (id),
				title TEXT NOT NULL,
				password_hash TEXT NOT NULL,
				space TEXT NOT NULL UNIQUE,
				active INTEGER NOT NULL,
				created_at INTEGER NOT NULL
			) STRICT;
			CREATE TABLE identity (
				address TEXT NOT NULL PRIMARY KEY,
				spelling TEXT NOT NULL,
				name TEXT NOT NULL,
				principal TEXT NOT NULL REFERENCES account (principal),
				position INTEGER NOT NULL
			) STRICT;
			CREATE INDEX identity_principal ON identity (principal, position);
			CREATE TABLE session (
				token_hash BLOB NOT NULL PRIMARY KEY,
				id TEXT NOT NULL UNIQUE,
				principal TEXT NOT NULL REFERENCES account (principal),
				public_computer INTEGER NOT NULL,
				peer TEXT NOT NULL,
				device TEXT,
				created_at INTEGER NOT NULL,
				last_used_at INTEGER NOT NULL,
				idle_ends_at INTEGER NOT NULL,
				ends_at INTEGER NOT NULL
			) STRICT;
			CREATE INDEX session_principal ON session (principal);
			CREATE INDEX session_ends ON session (ends_at);
			CREATE TABLE sign_in (
				seq INTEGER PRIMARY KEY AUTOINCREMENT,
				at INTEGER NOT NULL,
				address TEXT NOT NULL,
				principal TEXT,
				peer TEXT NOT NULL,
				protocol TEXT NOT NULL,
				result TEXT NOT NULL
			) STRICT;
			CREATE INDEX sign_in_principal ON sign_in (principal, seq);
			CREATE INDEX sign_in_at ON sign_in (at);
		`
	}
];
