import type { Credentials, SignInRefusal } from '#lib/session/session.ts';

/** What the sign-in form asks for. */
export interface SignInRequest extends Credentials {
	readonly publicComputer: boolean;
}

/** Signs in; null when it worked and the app is on its way. */
export type SignIn = (request: SignInRequest) => Promise<SignInRefusal | null>;

const storageKey = 'hongyan.address';

/** The address to fill in, where the person once asked for it. */
export function rememberedAddress(): string {
	return localStorage.getItem(storageKey) ?? '';
}

/** Keeps the address for the next sign-in, or forgets the one that was kept. */
export function rememberAddress(address: string | null): void {
	if (address === null) localStorage.removeItem(storageKey);
	else localStorage.setItem(storageKey, address);
}
