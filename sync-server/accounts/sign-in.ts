import type { PrincipalId, SpaceId } from '#schema/ids.ts';
import { canonicalAddress, maxAddressLength } from '#schema/mail/address.ts';
import type { Credentials } from '../store/directory/accounts.ts';
import type { SignIn, SignInProtocol } from '../store/directory/sign-ins.ts';
import { HashingGate } from './hashing-gate.ts';
import { networkOf } from './network.ts';
import { comparePassword, defaultCost, hashPassword, maxPasswordLength, type HashCost } from './password.ts';
import { TokenBuckets, type BucketRate } from './token-bucket.ts';

/** Somebody's attempt to prove who they are. `peer` is the IP address of the other side. */
export interface Attempt {
	readonly address: string;
	readonly password: string;
	readonly peer: string;
	readonly protocol: SignInProtocol;
}

/** What came of an attempt. `wrong` never says what was wrong; `retryAfter` is in seconds. */
export type Verification =
	| { readonly kind: 'verified'; readonly principal: PrincipalId; readonly space: SpaceId }
	| { readonly kind: 'wrong' }
	| { readonly kind: 'limited'; readonly retryAfter: number };

/** What checking a password needs of the directory. */
export interface SignInRecords {
	credentials(address: string): Promise<Credentials | null>;
	record(signIn: SignIn): Promise<void>;
	replaceHash(principal: PrincipalId, from: string, to: string): Promise<void>;
}

/** How many wrong passwords are let through: from one network, for one address, for both together. */
export interface SignInRates {
	readonly network: BucketRate;
	readonly address: BucketRate;
	readonly pair: BucketRate;
}

export const signInRates: SignInRates = {
	network: { capacity: 60, interval: 5_000 },
	address: { capacity: 60, interval: 30_000 },
	pair: { capacity: 10, interval: 60_000 }
};

/** Only the first refusal of a network in this time is recorded, so that a flood can't fill the disk. */
const limitedRecordedEvery = 60_000;
const busyRetryAfter = 5;

/**
 * Checks passwords. An address that is nobody's costs the same time and gets the same answer as a wrong
 * password; each attempt is recorded before it is answered; a right password costs none of the allowance.
 */
export class SignInCheck {
	readonly #records: SignInRecords;
	readonly #clock: () => number;
	readonly #cost: HashCost;
	readonly #gate = new HashingGate();
	readonly #limits: { readonly buckets: TokenBuckets; readonly key: (attempt: Attempt) => string }[];
	readonly #limitedRecords: TokenBuckets;
	/** The hash of a password nobody knows, compared with where there is no account. */
	#nobody: Promise<string> | undefined;

	constructor(
		records: SignInRecords,
		clock: () => number,
		{ cost = defaultCost, rates = signInRates }: { cost?: HashCost; rates?: SignInRates } = {}
	) {
		this.#records = records;
		this.#clock = clock;
		this.#cost = cost;
		this.#limitedRecords = new TokenBuckets({ capacity: 1, interval: limitedRecordedEvery });
		this.#limits = [
			{ buckets: new TokenBuckets(rates.network), key: ({ peer }) => networkOf(peer) },
			{ buckets: new TokenBuckets(rates.address), key: ({ address }) => address },
			{
				buckets: new TokenBuckets(rates.pair),
				key: ({ peer, address }) => `${networkOf(peer)} ${address}`
			}
		];
	}

	/** @throws StoreError where the attempt can't be recorded; nobody is signed in then */
	async verify(given: Attempt): Promise<Verification> {
		const attempt = { ...given, address: canonicalAddress(given.address).slice(0, maxAddressLength) };
		const wait = this.#take(attempt);
		if (wait > 0) return this.#limited(attempt, Math.ceil(wait / 1000));
		const credentials = await this.#records.credentials(attempt.address);
		const compared = await this.#gate.run(() => this.#compare(attempt.password, credentials));
		if (compared === null) {
			this.#giveBack(attempt);
			return this.#limited(attempt, busyRetryAfter);
		}
		await this.#record(attempt, credentials, compared.matches);
		if (credentials === null || !credentials.active || !compared.matches) return { kind: 'wrong' };
		this.#giveBack(attempt);
		if (compared.outdated) await this.#rehash(attempt.password, credentials);
		return { kind: 'verified', principal: credentials.principal, space: credentials.space };
	}

	async #compare(password: string, credentials: Credentials | null) {
		this.#nobody ??= hashPassword(crypto.randomUUID(), this.#cost);
		const stored = credentials?.passwordHash ?? (await this.#nobody);
		const compared = await comparePassword(password.slice(0, maxPasswordLength), stored, this.#cost);
		return { ...compared, matches: compared.matches && password.length <= maxPasswordLength };
	}

	#record({ address, peer, protocol }: Attempt, credentials: Credentials | null, matches: boolean) {
		const principal = credentials?.principal ?? null;
		return this.#records.record({
			address,
			principal,
			peer,
			protocol,
			result: resultOf(credentials, matches)
		});
	}

	async #rehash(password: string, { principal, passwordHash }: Credentials): Promise<void> {
		const better = await hashPassword(password, this.#cost);
		await this.#records.replaceHash(principal, passwordHash, better);
	}

	/** Takes one token of each limit; answers 0, or the milliseconds to wait, and has then taken none. */
	#take(attempt: Attempt): number {
		const now = this.#clock();
		const taken: (() => void)[] = [];
		for (const { buckets, key } of this.#limits) {
			const wait = buckets.take(key(attempt), now);
			if (wait !== null) {
				for (const giveBack of taken) giveBack();
				return wait.wait;
			}
			taken.push(() => buckets.giveBack(key(attempt), now));
		}
		return 0;
	}

	#giveBack(attempt: Attempt): void {
		for (const { buckets, key } of this.#limits) buckets.giveBack(key(attempt), this.#clock());
	}

	async #limited({ address, peer, protocol }: Attempt, retryAfter: number): Promise<Verification> {
		if (this.#limitedRecords.take(networkOf(peer), this.#clock()) === null) {
			await this.#records.record({ address, principal: null, peer, protocol, result: 'limited' });
		}
		return { kind: 'limited', retryAfter };
	}
}

function resultOf(credentials: Credentials | null, matches: boolean): SignIn['result'] {
	if (credentials === null) return 'unknown-address';
	if (!credentials.active) return 'inactive';
	return matches ? 'good' : 'wrong-password';
}
