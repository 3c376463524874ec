import type { PrincipalId } from '#schema/ids.ts';
import { signIns } from '#schema/tables/directory.ts';
import { desc, eq, lt } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';

/** How somebody tried to prove who they are. */
export type SignInProtocol = 'web' | 'submission';

/** What came of it. `limited`: nothing was checked, there were too many attempts. */
export type SignInResult = 'good' | 'wrong-password' | 'unknown-address' | 'inactive' | 'limited';

/** The fact of one attempt to sign in. */
export interface SignIn {
	/** Canonical; it may be nobody's. */
	readonly address: string;
	readonly principal: PrincipalId | null;
	/** IP address of the other side. */
	readonly peer: string;
	readonly protocol: SignInProtocol;
	readonly result: SignInResult;
}

/** How long the fact of a sign-in is kept: 180 days, in milliseconds. */
const signInsKept = 180 * 24 * 3_600_000;

/** Records an attempt, good or bad, and lets go of facts past their time. */
const recordSignIn: Operation<SignIn, null> = {
	mode: 'write',
	run(database, input, { now }) {
		database
			.delete(signIns)
			.where(lt(signIns.at, now - signInsKept))
			.run();
		database
			.insert(signIns)
			.values({ ...input, at: now })
			.run();
		return null;
	}
};

/** The latest attempts on an account, newest first. */
const signInsOf: Operation<
	{ readonly principal: PrincipalId; readonly count: number },
	(SignIn & { readonly at: number })[]
> = {
	mode: 'read',
	run: (database, { principal, count }) =>
		database
			.select({
				at: signIns.at,
				address: signIns.address,
				principal: signIns.principal,
				peer: signIns.peer,
				protocol: signIns.protocol,
				result: signIns.result
			})
			.from(signIns)
			.where(eq(signIns.principal, principal))
			.orderBy(desc(signIns.seq))
			.limit(count)
			.all()
};

export const signInOperations = { 'record-sign-in': recordSignIn, 'sign-ins': signInsOf };
