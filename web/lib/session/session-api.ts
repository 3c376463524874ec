import * as v from 'valibot';
import { isId, type PrincipalId, type SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Fetch } from '#lib/platform/transfer.ts';
import { profileShape } from '#lib/replica/connection/server-frames.ts';
import type { SignInRefusal } from './session.ts';

/** Who is signed in, as the server says. */
export interface Account {
	readonly profile: Profile;
	readonly account: PrincipalId;
	readonly space: SpaceId;
}

const id = v.pipe(
	v.string(),
	v.check((value) => isId(value))
);
const accountShape = v.looseObject({ profile: profileShape, account: id, space: id });

/** The account told by what was stored or answered; undefined where it is none. */
export function accountOf(value: unknown): Account | undefined {
	// The shape names every field of an account.
	return v.is(accountShape, value) ? (value as unknown as Account) : undefined;
}

async function answerOf(fetch: Fetch, init: RequestInit): Promise<Response | undefined> {
	try {
		return await fetch('/api/session', { cache: 'no-store', ...init });
	} catch {
		// fetch rejects for one reason only: there was no answer.
		return undefined;
	}
}

async function jsonOf(response: Response): Promise<unknown> {
	try {
		return await response.json();
	} catch {
		// A proxy's page, or a connection that broke off: no answer of ours.
		return undefined;
	}
}

function retryAfterOf(response: Response): number {
	const seconds = Number(response.headers.get('retry-after'));
	return Number.isFinite(seconds) && seconds > 0 ? seconds : 60;
}

/** Signs in; the session itself is a cookie that no script sees. */
export async function postSession(
	fetch: Fetch,
	body: { readonly address: string; readonly password: string; readonly publicComputer: boolean }
): Promise<Account | SignInRefusal> {
	const response = await answerOf(fetch, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body)
	});
	if (response === undefined) return { kind: 'refused', code: 'offline' };
	if (response.status === 401) return { kind: 'refused', code: 'wrong-password' };
	if (response.status === 429) {
		return { kind: 'refused', code: 'rate-limited', retryAfter: retryAfterOf(response) };
	}
	const account = response.ok ? accountOf(await jsonOf(response)) : undefined;
	return account ?? { kind: 'refused', code: 'internal' };
}

/** Ends the session on the server; false where the server could not be asked. */
export async function deleteSession(fetch: Fetch): Promise<boolean> {
	const response = await answerOf(fetch, { method: 'DELETE' });
	return response !== undefined && (response.ok || response.status === 401);
}
