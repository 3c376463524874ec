import { newId, type PrincipalId, type RandomBytes, type SpaceId } from '#schema/ids.ts';
import { canonicalAddress, type MailAddress } from '#schema/mail/address.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Resolution } from '../store/directory/accounts.ts';
import type { directoryKind } from '../store/directory/kind.ts';
import type { Department, Organisation } from '../store/directory/organisation.ts';
import type { Store, StoreFile } from '../store/store.ts';
import { defaultCost, hashPassword, type HashCost } from './password.ts';
import { ResolutionCache } from './resolution-cache.ts';
import { SignInCheck, signInRates, type Attempt, type SignInRates, type Verification } from './sign-in.ts';
import { Sessions } from './sessions.ts';

/** A person to be given an account; the first identity is their own address. */
export interface Person {
	readonly name: string;
	readonly department: string | null;
	readonly title: string;
	readonly password: string;
	readonly identities: readonly [MailAddress, ...MailAddress[]];
}

export interface DirectoryOptions {
	readonly clock: () => number;
	readonly random: RandomBytes;
	/** What a password's hash costs; tests take less. */
	readonly cost?: HashCost;
	readonly rates?: SignInRates;
	/** Address of the account that receives mail to postmaster, where nobody is called so; else the first account. */
	readonly postmaster?: string | null;
}

/** Makes a space for a new account before the account exists, so that no account is ever without one. */
export type MakeSpace = (who: {
	space: SpaceId;
	principal: PrincipalId;
	organisation: Organisation;
}) => Promise<void>;

/** The organisation's directory as the rest of the server asks it. */
export interface Directory {
	/** The organisation, or null where none was founded yet. */
	organisation(): Promise<Organisation | null>;
	/** Makes the organisation where there is none; answers the one that stands. */
	found(name: string, domains: readonly string[]): Promise<Organisation>;
	putDepartment(department: Department): Promise<void>;
	/** Adds a person and their space; answers the addresses that are taken, none where it was done. */
	addPerson(person: Person, makeSpace: MakeSpace): Promise<readonly string[]>;
	/**
	 * Where mail to an address goes. `postmaster` of a domain of ours is always somebody's, once there is an account
	 * (RFC 5321 section 4.5.1).
	 */
	resolveRecipient(address: string): Promise<Resolution>;
	/** Identities an account may send as, its own address first. */
	identitiesOf(principal: PrincipalId): Promise<readonly MailAddress[]>;
	profileOf(principal: PrincipalId): Promise<Profile>;
	verifyPassword(attempt: Attempt): Promise<Verification>;
	readonly sessions: Sessions;
	/** Stops listening to the store. */
	close(): void;
}

type DirectoryFile = StoreFile<typeof directoryKind>;

/** Path of the directory's file in the data folder. */
export const directoryPath = 'directory.db';

/** The directory over its file in the store. */
export function createDirectory(store: Store, options: DirectoryOptions): Directory {
	const file: DirectoryFile = store.file<typeof directoryKind>('directory', directoryPath);
	const cache = new ResolutionCache();
	const close = store.subscribe((event) => {
		if (event.kind === 'directory') cache.forget();
	});
	const check = signInCheck(file, options);
	const { postmaster = null } = options;
	return {
		organisation: () => file.call('organisation'),
		found: (name, domains) =>
			file.call('found', {
				id: newId(options.random),
				name,
				domains: domains.map((domain) => domain.normalize('NFC').toLowerCase())
			}),
		putDepartment: async (department) => {
			await file.call('put-department', department);
		},
		addPerson: (person, makeSpace) => addPerson(file, options, person, makeSpace),
		resolveRecipient: (address) => {
			const canonical = canonicalAddress(address);
			return cache.resolve(canonical, () => file.call('resolve', { address: canonical, postmaster }));
		},
		identitiesOf: (principal) => file.call('identities', { principal }),
		profileOf: (principal) => file.call('profile', { principal }),
		verifyPassword: (attempt) => check.verify(attempt),
		sessions: sessionsOver(file, options),
		close
	};
}

function signInCheck(file: DirectoryFile, { clock, cost, rates }: DirectoryOptions): SignInCheck {
	const records = {
		credentials: (address: string) => file.call('credentials', { address }),
		record: async (signIn: Parameters<SignInRecord>[0]) => {
			await file.call('record-sign-in', signIn);
		},
		replaceHash: async (principal: PrincipalId, from: string, to: string) => {
			await file.call('replace-hash', { principal, from, to });
		}
	};
	return new SignInCheck(records, clock, { cost: cost ?? defaultCost, rates: rates ?? signInRates });
}

type SignInRecord = ConstructorParameters<typeof SignInCheck>[0]['record'];

function sessionsOver(file: DirectoryFile, { clock, random }: DirectoryOptions): Sessions {
	return new Sessions(
		{
			open: async (session) => {
				await file.call('open-session', session);
			},
			find: (tokenHash) => file.call('find-session', { tokenHash }),
			use: (id, idleEndsAt) => file.call('use-session', { id, idleEndsAt }),
			endOf: (id) => file.call('session-end', { id }),
			bind: async (id, device) => {
				await file.call('bind-session', { id, device });
			},
			end: async (id) => {
				await file.call('end-session', { id });
			}
		},
		clock,
		random
	);
}

async function addPerson(
	file: DirectoryFile,
	{ random, cost }: DirectoryOptions,
	{ password, ...person }: Person,
	makeSpace: MakeSpace
): Promise<readonly string[]> {
	const organisation = await file.call('organisation');
	if (organisation === null) throw new Error('An account needs an organisation.');
	const taken = await takenOf(file, person.identities);
	if (taken.length > 0) return taken;
	const principal: PrincipalId = newId(random);
	const space: SpaceId = newId(random);
	await makeSpace({ space, principal, organisation });
	const passwordHash = await hashPassword(password, cost ?? defaultCost);
	const added = await file.call('add-account', { ...person, principal, space, passwordHash });
	return added.kind === 'added' ? [] : added.addresses;
}

/** Asked before a space is made, so that adding somebody again leaves no empty space behind. */
async function takenOf(file: DirectoryFile, identities: readonly MailAddress[]): Promise<string[]> {
	const taken: string[] = [];
	for (const { address } of identities) {
		if ((await file.call('credentials', { address })) !== null) taken.push(canonicalAddress(address));
	}
	return taken;
}
