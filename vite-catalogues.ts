import { IntlMessageFormat } from 'intl-messageformat';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';

const catalogueFile = /[\\/]web[\\/]lib[\\/]i18n[\\/](chinese|english)[\\/]index\.ts$/;

/** A message as the screen needs it: text where it takes no arguments, else parsed. */
export function compiledMessage(message: string): string | ReturnType<IntlMessageFormat['getAst']> {
	if (!message.includes('{')) return message;
	return new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst();
}

/**
 * Parses the catalogues when the app is built, so that the device need not, and leaves the parser (three
 * quarters of `intl-messageformat`) out of it. While developing, messages are parsed when they are first used.
 */
export function compiledCatalogues(): Plugin {
	return {
		name: 'compiled-catalogues',
		apply: 'build',
		enforce: 'pre',
		config: () => ({
			resolve: {
				alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' }
			}
		}),
		async load(id) {
			const language = catalogueFile.exec(id)?.[1];
			if (language === undefined) return null;
			const module = (await import(pathToFileURL(id).href)) as Record<string, Record<string, string>>;
			const messages = Object.entries(module[language] ?? {});
			const compiled = Object.fromEntries(messages.map(([key, text]) => [key, compiledMessage(text)]));
			return `export const ${language} = ${JSON.stringify(compiled)};`;
		}
	};
}
