import { browserEnvironment } from '#lib/platform/environment.ts';
import type { MailProjection } from '#lib/projection/mail-projection.ts';
import { openMailProjection } from '#lib/projection/replica-mail.ts';
import { indexedDbDatabases } from '#lib/replica/storage/databases.ts';
import type { Sessions } from '#lib/session/session.ts';
import { createSessions } from '#lib/session/sessions.ts';

let made: Sessions<MailProjection> | undefined;

/**
 * The sessions of this device: its databases, its network, and the mail projection over them. Made when
 * they are first asked for, as the build also loads this module, where there is no browser.
 */
export function deviceSessions(): Sessions<MailProjection> {
	made ??= createSessions({
		environment: browserEnvironment(),
		databases: indexedDbDatabases,
		openMail: openMailProjection
	});
	return made;
}
