import type { KeptTexts } from '#lib/platform/environment.ts';
import { databaseName, stillName } from '#lib/platform/kept-names.ts';
import { forgetLastWords } from '#lib/replica/drafts/last-words.ts';
import { accountOf, type Account } from './session-api.ts';

const names = {
	account: 'hongyan.account',
	database: databaseName,
	repair: 'hongyan.repair',
	restarted: 'hongyan.restarted',
	signedOut: 'hongyan.signed-out',
	publicTab: 'hongyan.public',
	still: stillName
} as const;

/** Who is signed in on this device, and the few facts that must be known before any database is opened. */
export class KeptAccount {
	readonly #kept: KeptTexts;

	constructor(kept: KeptTexts) {
		this.#kept = kept;
	}

	/** The account of this device; undefined where nobody is signed in. */
	get account(): Account | undefined {
		const text = this.#kept.getItem(names.account);
		if (text === null) return undefined;
		try {
			return accountOf(JSON.parse(text));
		} catch {
			// Not what we wrote; then nobody is signed in.
			return undefined;
		}
	}

	keep(account: Account): void {
		this.#kept.setItem(names.account, JSON.stringify(account));
	}

	/** Name of the account's database; a rebuilt one has another name than the broken one it replaces. */
	get database(): string | undefined {
		return this.#kept.getItem(names.database) ?? undefined;
	}

	keepDatabase(name: string): void {
		this.#kept.setItem(names.database, name);
	}

	/** Whether the database was found unreadable and is to be rebuilt at the next start. */
	get needsRepair(): boolean {
		return this.#kept.getItem(names.repair) !== null;
	}

	noteRepair(isNeeded: boolean): void {
		this.#note(names.repair, isNeeded);
	}

	/** When the app last started anew by itself to be repaired, milliseconds UTC; 0 where it never did. */
	get restartedAt(): number {
		return Number(this.#kept.getItem(names.restarted) ?? 0);
	}

	noteRestart(at: number): void {
		this.#kept.setItem(names.restarted, String(at));
	}

	/** Whether somebody signed out here and the server was not told yet. It says nothing of who. */
	get isSignOutUntold(): boolean {
		return this.#kept.getItem(names.signedOut) !== null;
	}

	noteSignOut(isUntold: boolean): void {
		this.#note(names.signedOut, isUntold);
	}

	/** Whether a session was opened for one tab alone. */
	get hasPublicTab(): boolean {
		return this.#kept.getItem(names.publicTab) !== null;
	}

	notePublicTab(isOpen: boolean): void {
		this.#note(names.publicTab, isOpen);
	}

	/** Forgets the person; what is left says nothing of them. */
	forget(): void {
		const { account, database, repair, restarted, publicTab, still } = names;
		for (const name of [account, database, repair, restarted, publicTab, still]) this.#kept.removeItem(name);
		forgetLastWords(this.#kept);
	}

	#note(name: string, isSo: boolean): void {
		if (isSo) this.#kept.setItem(name, '1');
		else this.#kept.removeItem(name);
	}
}
