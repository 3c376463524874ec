import type { MailProjection } from '#lib/projection/mail-projection.ts';
import type { Session } from '#lib/session/session.ts';
import type { SignInRequest } from '#lib/frame/sign-in-request.ts';
import { deviceSessions } from './device.ts';

type Mail = Session<MailProjection>;

/** The session of this tab. It is opened once, from what the device holds, and kept until sign-out. */
class CurrentSession {
	#session: Promise<Mail | null> | null = null;

	/** The session, opened if need be; null where nobody is signed in. No wait for the network. */
	open(): Promise<Mail | null> {
		this.#session ??= deviceSessions()
			.resume()
			.then((session) => this.#watched(session));
		return this.#session;
	}

	async signIn(request: SignInRequest) {
		const outcome = await deviceSessions().signIn(request);
		if (outcome.kind === 'signed-in') this.#session = Promise.resolve(this.#watched(outcome.session));
		return outcome;
	}

	#watched(session: Mail | null): Mail | null {
		session?.onSignedOut(() => {
			this.#session = null;
		});
		return session;
	}
}

export const currentSession = new CurrentSession();
