import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Session } from '../accounts/sessions.ts';

/** What a request carries through the app: Node's own objects, and who is signed in. */
export interface HttpEnvironment {
	Bindings: HttpBindings;
	Variables: {
		/** Set on every route behind `signedIn`. */
		session: Session;
	};
}

export type HttpContext = Context<HttpEnvironment>;
