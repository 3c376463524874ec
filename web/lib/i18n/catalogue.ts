import type { compose } from './chinese/compose.ts';
import type { frame } from './chinese/frame.ts';
import type { mail } from './chinese/mail.ts';
import type { session } from './chinese/session.ts';
import type { start } from './chinese/start.ts';

interface Areas {
	readonly compose: typeof compose;
	readonly frame: typeof frame;
	readonly mail: typeof mail;
	readonly session: typeof session;
	readonly start: typeof start;
}

/**
 * The Chinese catalogue is the source: its keys are the keys, its arguments are the arguments. Messages are
 * ICU MessageFormat; in Chinese only simple arguments (`{name}`, `{count, number}`), in English also plurals.
 */
type Source = Areas['compose'] & Areas['frame'] & Areas['mail'] & Areas['session'] & Areas['start'];
export type MessageKey = keyof Source;

/** A catalogue of another language: every key of the source, none besides. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

/** One area of such a catalogue. */
export type CatalogueOf<Area extends keyof Areas> = Readonly<Record<keyof Areas[Area], string>>;

type ArgumentName<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
	? (Inside extends `${infer Name},${string}` ? Name : Inside) | ArgumentName<Rest>
	: never;

/** The keys of messages that are filled with nothing. */
export type PlainKey = {
	[Key in MessageKey]: [ArgumentName<Source[Key]>] extends [never] ? Key : never;
}[MessageKey];

/** What a message is filled with; a message without arguments takes none. */
export type MessageArguments<Key extends MessageKey> = [ArgumentName<Source[Key]>] extends [never]
	? []
	: [values: Readonly<Record<ArgumentName<Source[Key]>, string | number>>];
