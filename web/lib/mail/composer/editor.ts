import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Placeholder } from '@tiptap/extension-placeholder';
import { StarterKit } from '@tiptap/starter-kit';
import type * as Y from 'yjs';
import { isLetterLink } from '#schema/mail/links.ts';

/** What the toolbar sets and shows: marks of text, and blocks. */
export const formats = [
	'bold',
	'italic',
	'underline',
	'strike',
	'bulletList',
	'orderedList',
	'blockquote',
	'link'
] as const;

/**
 * The editor of a letter's body, bound to the draft's text. Its schema is what a letter may hold:
 * paragraphs, lists, quotes, line breaks, and bold, italic, underlined, struck and linked text.
 */
export function createEditor(
	element: HTMLElement,
	body: Y.XmlFragment,
	label: string,
	placeholder: () => string
): Editor {
	return new Editor({
		element,
		injectCSS: false,
		extensions: [
			StarterKit.configure({
				undoRedo: false,
				heading: false,
				code: false,
				codeBlock: false,
				horizontalRule: false,
				trailingNode: false,
				link: {
					openOnClick: false,
					defaultProtocol: 'https',
					isAllowedUri: (address, { defaultValidate }) => isLetterLink(address) && defaultValidate(address),
					HTMLAttributes: { rel: 'noopener noreferrer', target: null }
				}
			}),
			Collaboration.configure({ fragment: body }),
			Placeholder.configure({ placeholder })
		],
		editorProps: {
			attributes: { 'aria-label': label, 'aria-multiline': 'true', role: 'textbox', class: 'letter' }
		}
	});
}
