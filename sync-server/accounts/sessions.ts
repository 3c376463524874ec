import { createHash, randomBytes } from 'node:crypto';
import { newId, type DeviceId, type PrincipalId, type RandomBytes } from '#schema/ids.ts';
import type { NewSession, StoredSession } from '../store/directory/sessions.ts';
import { StoreError } from '../store/store-error.ts';

/** A sign-in that is good now. */
export type Session = StoredSession;

/** What sessions need of the directory. */
export interface SessionRecords {
	open(session: NewSession): Promise<void>;
	find(tokenHash: Uint8Array): Promise<StoredSession | null>;
	/** Answers whether it is good. */
	use(id: string, idleEndsAt: number): Promise<boolean>;
	/** Until when it is good if it is not used, milliseconds UTC; null where it is not good now. */
	endOf(id: string): Promise<number | null>;
	bind(id: string, device: DeviceId): Promise<void>;
	end(id: string): Promise<void>;
}

interface Lifetime {
	/** Ends after so long without use, milliseconds. */
	readonly idle: number;
	/** Ends after so long in any case, milliseconds. */
	readonly whole: number;
}

const day = 24 * 3_600_000;
const ownDevice: Lifetime = { idle: 30 * day, whole: 180 * day };
const publicComputer: Lifetime = { idle: day / 12, whole: day / 2 };

/** How long a session found is believed without asking again; ending one here takes effect at once. */
const believedFor = 30_000;
/** A session in use is written down this often at most. */
const usedEvery = 5 * 60_000;
const mostKnown = 20_000;

interface Known {
	readonly session: Session;
	readonly foundAt: number;
}

/** How long the cookie may live, in seconds; null: until the browser is closed. */
export function cookieLifetime(isPublicComputer: boolean): number | null {
	return isPublicComputer ? null : ownDevice.whole / 1000;
}

/**
 * Sessions: 256-bit opaque tokens of which only the SHA-256 is stored. They end by sign-out, after a time
 * without use, and after a time in any case.
 */
export class Sessions {
	readonly #records: SessionRecords;
	readonly #clock: () => number;
	readonly #random: RandomBytes;
	readonly #known = new Map<string, Known>();
	/** When the use of a session was written down last, by its id. */
	readonly #usedAt = new Map<string, number>();
	readonly #enders = new Set<(id: string) => void>();
	#ends = 0;

	constructor(records: SessionRecords, clock: () => number, random: RandomBytes = randomBytes) {
		this.#records = records;
		this.#clock = clock;
		this.#random = random;
	}

	/** Begins a session and answers its token, which is stored nowhere here. */
	async open(who: { principal: PrincipalId; publicComputer: boolean; peer: string }): Promise<string> {
		const token = Buffer.from(this.#random(32)).toString('base64url');
		const lifetime = who.publicComputer ? publicComputer : ownDevice;
		const now = this.#clock();
		await this.#records.open({
			...who,
			tokenHash: hashOf(token),
			id: newId(this.#random),
			idleEndsAt: now + lifetime.idle,
			endsAt: now + lifetime.whole
		});
		return token;
	}

	/** The session of a token, or null where it is none that is good now. Finding it counts as using it. */
	async find(token: string): Promise<Session | null> {
		if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null;
		const tokenHash = hashOf(token);
		const key = tokenHash.toString('hex');
		const known = this.#believed(key) ?? (await this.#look(tokenHash, key));
		if (known === null || !(await this.used(known.session))) return null;
		return known.session;
	}

	/** Notes that a session is in use, every few minutes at most; answers whether it is good still. */
	async used(session: Session): Promise<boolean> {
		const now = this.#clock();
		if (now - (this.#usedAt.get(session.id) ?? 0) < usedEvery) return true;
		if (this.#usedAt.size > mostKnown) this.#usedAt.clear();
		this.#usedAt.set(session.id, now);
		const isGood = await unlessFull(this.#records.use(session.id, this.#idleEnd(session)));
		if (isGood !== true) this.#usedAt.delete(session.id);
		return isGood ?? (await this.endOf(session)) !== null;
	}

	/** Until when a session is good if it is not used any more, milliseconds UTC; null where it is not good now. */
	endOf({ id }: Session): Promise<number | null> {
		return this.#records.endOf(id);
	}

	/** Notes which device uses a session; one that has ended is no error. */
	async boundTo(id: string, device: DeviceId): Promise<void> {
		await unlessFull(this.#records.bind(id, device));
		for (const [key, { session, foundAt }] of this.#known) {
			if (session.id === id) this.#known.set(key, { session: { ...session, device }, foundAt });
		}
	}

	/** Ends a session for good and tells who listens. */
	async end(id: string): Promise<void> {
		await this.#records.end(id);
		this.#ends += 1;
		this.#usedAt.delete(id);
		for (const [key, known] of this.#known) if (known.session.id === id) this.#known.delete(key);
		for (const ended of this.#enders) ended(id);
	}

	/** Tells of each session that is ended; the answer stops it. */
	onEnd(listener: (id: string) => void): () => void {
		this.#enders.add(listener);
		return () => this.#enders.delete(listener);
	}

	#believed(key: string): Known | undefined {
		const known = this.#known.get(key);
		const now = this.#clock();
		const isGood = known !== undefined && now < known.session.endsAt && now - known.foundAt < believedFor;
		if (!isGood) this.#known.delete(key);
		return isGood ? known : undefined;
	}

	async #look(tokenHash: Buffer, key: string): Promise<Known | null> {
		const ends = this.#ends;
		const session = await this.#records.find(tokenHash);
		if (session === null) return null;
		// It may have been ended between the answer and now.
		if (ends !== this.#ends) return this.#look(tokenHash, key);
		const known: Known = { session, foundAt: this.#clock() };
		this.#known.set(key, known);
		const oldest = this.#known.keys().next();
		if (this.#known.size > mostKnown && oldest.done !== true) this.#known.delete(oldest.value);
		return known;
	}

	#idleEnd(session: Session): number {
		const { idle } = session.publicComputer ? publicComputer : ownDevice;
		return Math.min(this.#clock() + idle, session.endsAt);
	}
}

/** Mail can still be read on a full disk; what was to be noted about a session is noted when there is room. */
async function unlessFull<Answer>(noting: Promise<Answer>): Promise<Answer | null> {
	try {
		return await noting;
	} catch (error) {
		if (!(error instanceof StoreError) || error.kind !== 'full') throw error;
		return null;
	}
}

function hashOf(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}
