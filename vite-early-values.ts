import type { Plugin } from 'vite';

/** Where the page leaves what it tells SvelteKit, before the start script runs. */
export const payloadName = 'hongyanPayload';

/** What modules learn late, and where they learn it at once; file by file, as it is written there. */
const lateValues: readonly {
	readonly file: RegExp;
	readonly early: readonly (readonly [string, string])[];
}[] = [
	{
		// Svelte sets these when it first shows something; modules that took them before would not see it.
		file: /[\\/]svelte[\\/]src[\\/]internal[\\/]client[\\/]dom[\\/]operations\.js$/,
		early: [
			['export var $window;', 'export var $window = globalThis.window;'],
			['export var $document;', 'export var $document = globalThis.document;'],
			['if ($window !== undefined) {', 'if (first_child_getter !== undefined) {']
		]
	},
	{
		// SvelteKit is told before it loads what reads it, which is all one script here.
		file: /[\\/]kit[\\/]src[\\/]runtime[\\/]client[\\/]payload\.js$/,
		early: [['__SVELTEKIT_PAYLOAD__', `globalThis.${payloadName}`]]
	}
];

/** Lets modules know at once what they would learn while the app starts, since the start is one script. */
export function earlyValues(): Plugin {
	return {
		name: 'early-values',
		apply: 'build',
		enforce: 'pre',
		transform(code, id) {
			const late = lateValues.find(({ file }) => file.test(id));
			if (late === undefined) return null;
			let changed = code;
			for (const [written, meant] of late.early) {
				if (!changed.includes(written)) throw new Error(`${id} has no «${written}» any more.`);
				changed = changed.replace(written, meant);
			}
			return { code: changed, map: null };
		}
	};
}
