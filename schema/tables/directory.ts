import type { DeviceId, OrganisationId, PrincipalId, SpaceId } from '../ids.ts';
import { blob, index, integer, sqliteTable, text } from './drizzle.ts';

/**
 * The organisation's directory: one file. Who there is, under which addresses, how they prove it, and every
 * attempt to do so.
 */

/** The organisation; one row. */
export const organisations = sqliteTable('organisation', {
	id: text('id').$type<OrganisationId>().primaryKey(),
	name: text('name').notNull(),
	createdAt: integer('created_at').notNull()
});

/** Domains whose addresses are inside; canonical. The one of position 0 is the main one. */
export const domains = sqliteTable('domain', {
	domain: text('domain').primaryKey(),
	position: integer('position').notNull()
});

/** Departments form a tree; the order among siblings is the administrator's. */
export const departments = sqliteTable('department', {
	id: text('id').primaryKey(),
	parent: text('parent'),
	name: text('name').notNull(),
	position: integer('position').notNull()
});

/** People and what else has a space of its own. */
export const accounts = sqliteTable('account', {
	principal: text('principal').$type<PrincipalId>().primaryKey(),
	name: text('name').notNull(),
	/** Display address, spelled as the person likes; the canonical form is in `identity`. */
	address: text('address').notNull(),
	department: text('department').references(() => departments.id),
	title: text('title').notNull(),
	/** PHC string. */
	passwordHash: text('password_hash').notNull(),
	space: text('space').$type<SpaceId>().notNull().unique(),
	active: integer('active', { mode: 'boolean' }).notNull(),
	createdAt: integer('created_at').notNull()
});

/** Addresses that reach an account and that it may send as. Position 0 is its own address, others are aliases. */
export const identities = sqliteTable(
	'identity',
	{
		/** Canonical. */
		address: text('address').primaryKey(),
		spelling: text('spelling').notNull(),
		name: text('name').notNull(),
		principal: text('principal')
			.$type<PrincipalId>()
			.notNull()
			.references(() => accounts.principal),
		position: integer('position').notNull()
	},
	(table) => [index('identity_principal').on(table.principal, table.position)]
);

/** Sign-ins that are still good. The token itself is with the browser alone. */
export const sessions = sqliteTable(
	'session',
	{
		/** SHA-256 of the token. */
		tokenHash: blob('token_hash', { mode: 'buffer' }).primaryKey(),
		/** Names the session where the token must not be: in memory, logs and lists. */
		id: text('id').notNull().unique(),
		principal: text('principal')
			.$type<PrincipalId>()
			.notNull()
			.references(() => accounts.principal),
		publicComputer: integer('public_computer', { mode: 'boolean' }).notNull(),
		peer: text('peer').notNull(),
		/** The replica that uses it, once it said hello. */
		device: text('device').$type<DeviceId>(),
		createdAt: integer('created_at').notNull(),
		lastUsedAt: integer('last_used_at').notNull(),
		/** When it ends without use. */
		idleEndsAt: integer('idle_ends_at').notNull(),
		/** When it ends in any case. */
		endsAt: integer('ends_at').notNull()
	},
	(table) => [index('session_principal').on(table.principal), index('session_ends').on(table.endsAt)]
);

/** The fact that somebody tried to sign in; never altered, kept for a bounded time. */
export const signIns = sqliteTable(
	'sign_in',
	{
		seq: integer('seq').primaryKey({ autoIncrement: true }),
		at: integer('at').notNull(),
		/** As it was given, canonical, cut to 254 characters; it may be nobody's. */
		address: text('address').notNull(),
		principal: text('principal').$type<PrincipalId>(),
		peer: text('peer').notNull(),
		protocol: text('protocol').$type<'web' | 'submission'>().notNull(),
		result: text('result')
			.$type<'good' | 'wrong-password' | 'unknown-address' | 'inactive' | 'limited'>()
			.notNull()
	},
	(table) => [index('sign_in_principal').on(table.principal, table.seq), index('sign_in_at').on(table.at)]
);
