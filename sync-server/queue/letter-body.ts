import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import MimeNode from 'nodemailer/lib/mime-node';
import { cleanLetterHtml } from './letter-html.ts';
import { textOfLetter } from './letter-text.ts';

/** A part of a letter: its text, or a whole MIME entity made of it, header and all. */
export type LetterPart = string | Uint8Array;

/** What a letter's HTML becomes. */
export interface LetterBody {
	readonly text: LetterPart;
	readonly html: LetterPart;
	/** Content-IDs that the HTML shows. */
	readonly shown: ReadonlySet<string>;
}

/** A body whose parts are text still. */
export interface PlainBody extends LetterBody {
	readonly text: string;
	readonly html: string;
}

/**
 * The body made of a letter's HTML, which may be anything.
 *
 * @throws LetterTooDeepError where it is no letter's
 */
export function letterBody(html: string): PlainBody {
	const clean = cleanLetterHtml(html);
	return {
		text: textOfLetter(clean),
		html: `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${clean}</body></html>`,
		shown: new Set(Array.from(clean.matchAll(/"cid:([^"]*)"/g), ([, id = '']) => id))
	};
}

/** The same body encoded: the entities that the composer would make of its parts. */
export async function encodedBody({ text, html, shown }: PlainBody): Promise<LetterBody> {
	return { text: await entity('text/plain', text), html: await entity('text/html', html), shown };
}

function entity(type: string, content: string): Promise<Uint8Array> {
	// Only a node below another is no message of its own, with a date and an id.
	const node = new MimeNode('multipart/alternative').createChild(`${type}; charset=utf-8`);
	const encoded = new PassThrough();
	node.setContent(content).stream(encoded, {}, (error) => {
		if (error) encoded.destroy(error);
		else encoded.end();
	});
	return buffer(encoded);
}
