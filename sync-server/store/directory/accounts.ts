import type { PrincipalId, SpaceId } from '#schema/ids.ts';
import { canonicalAddress, domainOf, type MailAddress } from '#schema/mail/address.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import { accounts, domains, identities } from '#schema/tables/directory.ts';
import { and, asc, eq, inArray, sql } from '../drizzle.ts';
import type { Database, Operation } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';
import { readOrganisation } from './organisation.ts';

/** A new account. The first identity is its own address, the others are aliases. */
export interface NewAccount {
	readonly principal: PrincipalId;
	readonly space: SpaceId;
	readonly name: string;
	readonly department: string | null;
	readonly title: string;
	readonly passwordHash: string;
	readonly identities: readonly [MailAddress, ...MailAddress[]];
}

/** Where mail to an address goes. `unknown`: the domain is ours and the address is nobody's. */
export type Resolution =
	| { readonly kind: 'inside'; readonly space: SpaceId; readonly principal: PrincipalId }
	| { readonly kind: 'outside' }
	| { readonly kind: 'unknown' };

/** What is needed to check a password. */
export interface Credentials {
	readonly principal: PrincipalId;
	readonly space: SpaceId;
	readonly passwordHash: string;
	readonly active: boolean;
}

function ownerOf(database: Database, address: string) {
	return database
		.select({
			principal: accounts.principal,
			space: accounts.space,
			passwordHash: accounts.passwordHash,
			active: accounts.active
		})
		.from(identities)
		.innerJoin(accounts, eq(accounts.principal, identities.principal))
		.where(eq(identities.address, canonicalAddress(address)))
		.get();
}

function identitiesOf(database: Database, principal: PrincipalId): MailAddress[] {
	return database
		.select({ name: identities.name, address: identities.spelling })
		.from(identities)
		.where(eq(identities.principal, principal))
		.orderBy(asc(identities.position))
		.all();
}

/** Adds an account with its identities, all or nothing; `taken` names addresses that are somebody's already. */
const addAccount: Operation<
	NewAccount,
	{ readonly kind: 'added' } | { readonly kind: 'taken'; readonly addresses: string[] }
> = {
	mode: 'write',
	run(database, input, { now, emit }) {
		const canonical = input.identities.map(({ address }) => canonicalAddress(address));
		const taken = database.select().from(identities).where(inArray(identities.address, canonical)).all();
		if (taken.length > 0) return { kind: 'taken', addresses: taken.map(({ address }) => address) };
		const { identities: own, ...account } = input;
		const address = own[0].address;
		database
			.insert(accounts)
			.values({ ...account, address, active: true, createdAt: now })
			.run();
		own.forEach((identity, position) => {
			database
				.insert(identities)
				.values({
					address: canonicalAddress(identity.address),
					spelling: identity.address,
					name: identity.name,
					principal: input.principal,
					position
				})
				.run();
		});
		emit({ kind: 'directory' });
		return { kind: 'added' };
	}
};

/** The account that has been there longest, of those that are active. */
function firstAccount(database: Database) {
	const { principal, space, active, createdAt } = accounts;
	return database
		.select({ principal, space, active })
		.from(accounts)
		.where(eq(active, true))
		.orderBy(asc(createdAt), sql`rowid`)
		.limit(1)
		.get();
}

/** Who receives postmaster's mail where nobody has that address: the account that is named, else the first. */
function postmasterOf(database: Database, named: string | null) {
	const owner = named === null ? undefined : ownerOf(database, named);
	return owner?.active === true ? owner : firstAccount(database);
}

/** Whose mail to an address is. `postmaster`: the address of an account that receives postmaster's mail. */
const resolve: Operation<{ readonly address: string; readonly postmaster: string | null }, Resolution> = {
	mode: 'read',
	run(database, { address, postmaster }) {
		const own = ownerOf(database, address);
		if (own?.active === true) return { kind: 'inside', space: own.space, principal: own.principal };
		const domain = database
			.select()
			.from(domains)
			.where(eq(domains.domain, domainOf(address)))
			.get();
		if (domain === undefined) return { kind: 'outside' };
		const isPostmaster = canonicalAddress(address) === `postmaster@${domain.domain}`;
		const owner = isPostmaster ? postmasterOf(database, postmaster) : undefined;
		if (owner === undefined) return { kind: 'unknown' };
		return { kind: 'inside', space: owner.space, principal: owner.principal };
	}
};

const credentials: Operation<{ readonly address: string }, Credentials | null> = {
	mode: 'read',
	run: (database, { address }) => ownerOf(database, address) ?? null
};

/** Replaces a password's hash by a better one of the same password, unless it was changed meanwhile. */
const replaceHash: Operation<
	{ readonly principal: PrincipalId; readonly from: string; readonly to: string },
	null
> = {
	mode: 'write',
	run(database, { principal, from, to }) {
		database
			.update(accounts)
			.set({ passwordHash: to })
			.where(and(eq(accounts.principal, principal), eq(accounts.passwordHash, from)))
			.run();
		return null;
	}
};

/** Identities of an account, its own address first; none where there is no such account. */
const identitiesOperation: Operation<{ readonly principal: PrincipalId }, MailAddress[]> = {
	mode: 'read',
	run: (database, { principal }) => identitiesOf(database, principal)
};

/** The account as its own client shows it. Fails with `missing` where there is none. */
const profile: Operation<{ readonly principal: PrincipalId }, Profile> = {
	mode: 'read',
	run(database, { principal }) {
		const account = database.select().from(accounts).where(eq(accounts.principal, principal)).get();
		const organisation = readOrganisation(database);
		if (account === undefined || organisation === null) throw new StoreError('missing', 'no such account');
		return {
			name: account.name,
			address: account.address,
			identities: identitiesOf(database, principal),
			organisation: organisation.name,
			domains: organisation.domains
		};
	}
};

export const accountOperations = {
	'add-account': addAccount,
	resolve,
	credentials,
	'replace-hash': replaceHash,
	identities: identitiesOperation,
	profile
};
