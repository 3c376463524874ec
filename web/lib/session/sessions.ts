import type { Environment } from '#lib/platform/environment.ts';
import { openReplica, type OpenReplica } from '#lib/replica/open-replica.ts';
import type { ReplicaCore } from '#lib/replica/replica-core.ts';
import { memoryDatabases, type Databases } from '#lib/replica/storage/databases.ts';
import type { Loss } from '#lib/replica/storage/indexed-db.ts';
import type { ReplicaStorage } from '#lib/replica/storage/storage.ts';
import { emptyDatabase, openDeviceDatabase } from './device-database.ts';
import { KeptAccount } from './kept-account.ts';
import { deleteSession, postSession, type Account } from './session-api.ts';
import type { Credentials, Session, Sessions, SignInRefusal } from './session.ts';
import { isLostWithTab, pendingWorkOf } from './pending-work.ts';

/** What a projection must be able to do for a session. */
export interface Closable {
	close(): void;
}

export interface SessionsParts<Mail extends Closable> {
	readonly environment: Environment;
	/** Where replicas lie, but for those of a public computer. */
	readonly databases: Databases;
	/** Opens the projection the screens read. */
	readonly openMail: (core: ReplicaCore) => Promise<Mail>;
}

/** The lock a tab holds as long as a session is its alone. */
const publicTabLock = 'hongyan-public-tab';

/** The app does not start anew by itself more often, so that what a start can't mend makes no circle; milliseconds. */
const restartPause = 600_000;

/** How a session lies on the device. */
interface Place {
	readonly storage: ReplicaStorage;
	readonly databases: Databases;
	readonly publicComputer: boolean;
}

/** Signs people in and out on this device. */
class DeviceSessions<Mail extends Closable> implements Sessions<Mail> {
	readonly #parts: SessionsParts<Mail>;
	readonly #kept: KeptAccount;
	/** Called when the database is lost; the session that is open sets it. */
	#lost: (how: Loss) => void = () => undefined;

	constructor(parts: SessionsParts<Mail>) {
		this.#parts = parts;
		this.#kept = new KeptAccount(parts.environment.kept);
		parts.environment.onNetwork((mayBeBack) => {
			if (mayBeBack) void this.#tellSignOut();
		});
	}

	async signIn(
		request: Credentials & { readonly publicComputer: boolean }
	): Promise<{ readonly kind: 'signed-in'; readonly session: Session<Mail> } | SignInRefusal> {
		const { environment, databases } = this.#parts;
		// The session that was left behind ends before another one begins.
		if (!(await this.#tellSignOut())) return { kind: 'refused', code: 'offline' };
		const account = await postSession(environment.fetch, request);
		if ('kind' in account) return account;
		if (request.publicComputer) {
			this.#kept.notePublicTab(true);
			const own = memoryDatabases();
			const storage = await own.open('', () => undefined);
			return {
				kind: 'signed-in',
				session: await this.#open(account, { storage, databases: own, publicComputer: true })
			};
		}
		await this.#giveUpOther(account);
		this.#kept.keep(account);
		void environment.persist();
		const storage = await this.#openDatabase(account);
		return {
			kind: 'signed-in',
			session: await this.#open(account, { storage, databases, publicComputer: false })
		};
	}

	async resume(): Promise<Session<Mail> | null> {
		const { databases } = this.#parts;
		await this.#endPublicTab();
		void this.#tellSignOut();
		const { account } = this.#kept;
		if (account === undefined) return null;
		const storage = await this.#openDatabase(account);
		return this.#open(account, { storage, databases, publicComputer: false });
	}

	#openDatabase(account: Account): Promise<ReplicaStorage> {
		const { databases, environment } = this.#parts;
		const { random, locks } = environment;
		const parts = { databases, kept: this.#kept, random, locks, lost: (how: Loss) => this.#lost(how) };
		return openDeviceDatabase(parts, account.space);
	}

	/** What another person left on this device goes when somebody else signs in. */
	async #giveUpOther({ space }: Account): Promise<void> {
		const { account, database } = this.#kept;
		if (account === undefined || account.space === space) return;
		if (database !== undefined) await this.#parts.databases.delete(database);
		this.#kept.forget();
	}

	/** A session of one tab alone ends with the tab; the next start tells the server. */
	async #endPublicTab(): Promise<void> {
		const { locks } = this.#parts.environment;
		if (!this.#kept.hasPublicTab || (await locks?.isHeld(publicTabLock)) === true) return;
		this.#kept.notePublicTab(false);
		this.#kept.noteSignOut(true);
	}

	/** Ends on the server what was ended here; false where it could not be reached. */
	async #tellSignOut(): Promise<boolean> {
		if (!this.#kept.isSignOutUntold) return true;
		const isTold = await deleteSession(this.#parts.environment.fetch);
		if (isTold) this.#kept.noteSignOut(false);
		return isTold;
	}

	/**
	 * A database that can't be read is rebuilt at the next start, and that is now; where that was just tried,
	 * the person decides. One that another tab has replaced meanwhile needs the start alone.
	 */
	#repair(database: string): void {
		const { clock, restart } = this.#parts.environment;
		const now = clock.now();
		if (this.#kept.account === undefined) return;
		if (this.#kept.database === database) {
			const since = now - this.#kept.restartedAt;
			this.#kept.noteRepair(true);
			if (since >= 0 && since < restartPause) return;
			this.#kept.noteRestart(now);
		}
		restart();
	}

	async #open(account: Account, place: Place): Promise<Session<Mail>> {
		const { environment, openMail } = this.#parts;
		const opened: { session: DeviceSession<Mail> | undefined } = { session: undefined };
		const replica = openReplica({
			environment,
			storage: place.storage,
			space: account.space,
			isShared: !place.publicComputer,
			profileTold: (profile) => {
				if (!place.publicComputer && this.#kept.account !== undefined)
					this.#kept.keep({ ...account, profile });
				if (opened.session !== undefined) opened.session.profile = profile;
			},
			signedOut: () => opened.session?.end()
		});
		const hold = new AbortController();
		if (place.publicComputer) environment.locks?.hold(publicTabLock, hold.signal, () => undefined);
		const { database } = this.#kept;
		if (!place.publicComputer && database !== undefined)
			replica.core.faults.add(() => {
				this.#repair(database);
			});
		const session = new DeviceSession(account, place, replica, await openMail(replica.core), {
			environment,
			kept: this.#kept,
			tellSignOut: () => void this.#tellSignOut(),
			ended: () => hold.abort()
		});
		opened.session = session;
		this.#lost = (how) => {
			if (this.#kept.account === undefined) session.end();
			// The start waits for the tab that rebuilds it, and goes on in the new one.
			else if (how === 'taken') environment.restart();
			else replica.core.noteLost();
		};
		return session;
	}
}

interface SessionTies {
	readonly environment: Environment;
	readonly kept: KeptAccount;
	readonly tellSignOut: () => void;
	readonly ended: () => void;
}

class DeviceSession<Mail extends Closable> implements Session<Mail> {
	profile: Account['profile'];
	readonly space: Account['space'];
	readonly publicComputer: boolean;
	readonly loaded: Promise<unknown>;
	readonly replica: OpenReplica['replica'];
	readonly mail: Mail;
	readonly drafts: OpenReplica['drafts'];
	readonly outbox: OpenReplica['outbox'];
	readonly contents: OpenReplica['contents'];
	readonly connectivity: OpenReplica['connectivity'];
	readonly #open: OpenReplica;
	readonly #place: Place;
	readonly #ties: SessionTies;
	readonly #listeners = new Set<() => void>();
	#isEnded = false;

	constructor(account: Account, place: Place, open: OpenReplica, mail: Mail, ties: SessionTies) {
		this.profile = account.profile;
		this.space = account.space;
		this.publicComputer = place.publicComputer;
		this.loaded = open.core.loaded;
		this.replica = open.replica;
		this.mail = mail;
		this.drafts = open.drafts;
		this.outbox = open.outbox;
		this.contents = open.contents;
		this.connectivity = open.connectivity;
		this.#open = open;
		this.#place = place;
		this.#ties = ties;
	}

	pendingWork() {
		return pendingWorkOf(this.#open);
	}

	isLostWithTab(): boolean {
		return !this.#isEnded && isLostWithTab(this.#open, this.publicComputer);
	}

	async signInAgain(password: string): Promise<{ readonly kind: 'signed-in' } | SignInRefusal> {
		const { address } = this.profile;
		const { publicComputer } = this;
		const account = await postSession(this.#ties.environment.fetch, { address, password, publicComputer });
		if ('kind' in account) return account;
		void this.connectivity.retry();
		return { kind: 'signed-in' };
	}

	async signOut(): Promise<void> {
		const { environment, kept, tellSignOut } = this.#ties;
		const name = this.publicComputer ? undefined : kept.database;
		kept.noteSignOut(true);
		if (this.publicComputer) kept.notePublicTab(false);
		else kept.forget();
		this.#open.core.tellTabs({ kind: 'signed-out' });
		this.#open.stop();
		await emptyDatabase(this.#place.storage);
		this.end();
		if (name !== undefined) await this.#place.databases.delete(name);
		await environment.clearCaches();
		tellSignOut();
	}

	onSignedOut(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Lets go of everything; the person is signed out, here or elsewhere. */
	end(): void {
		if (this.#isEnded) return;
		this.#isEnded = true;
		this.mail.close();
		this.#open.close();
		this.#ties.ended();
		for (const listener of [...this.#listeners]) listener();
	}
}

/** Sessions of this device. */
export function createSessions<Mail extends Closable>(parts: SessionsParts<Mail>): Sessions<Mail> {
	return new DeviceSessions(parts);
}
