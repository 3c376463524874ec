import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bodyText, draftHtml } from './draft-html.ts';

type Child = Y.XmlElement | Y.XmlText;

function element(
	name: string,
	children: Child[] = [],
	attributes: Record<string, unknown> = {}
): Y.XmlElement {
	const node = new Y.XmlElement(name);
	for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value as string);
	node.insert(0, children);
	return node;
}

function text(insert: string, attributes: Record<string, unknown> = {}): Y.XmlText {
	const node = new Y.XmlText();
	node.insert(0, insert, attributes);
	return node;
}

function bodyOf(...nodes: Y.XmlElement[]): Y.XmlFragment {
	const body = new Y.Doc().getXmlFragment('body');
	body.insert(0, nodes);
	return body;
}

const htmlOf = (...nodes: Y.XmlElement[]) => draftHtml(bodyOf(...nodes), undefined);

describe('the HTML of a draft', () => {
	it('[2.3.4-a] has the elements of the editor’s nodes', () => {
		const item = (words: string) => element('listItem', [element('paragraph', [text(words)])]);
		expect(
			htmlOf(
				element('heading', [text('标题')], { level: 2 }),
				element('paragraph', [text('a'), element('hardBreak'), text('b')]),
				element('bulletList', [item('1'), item('2')]),
				element('blockquote', [element('paragraph', [text('q')])]),
				element('codeBlock', [text('x < y')]),
				element('horizontalRule')
			)
		).toBe(
			'<h2>标题</h2><p>a<br>b</p><ul><li><p>1</p></li><li><p>2</p></li></ul>' +
				'<blockquote><p>q</p></blockquote><pre><code>x &lt; y</code></pre><hr>'
		);
	});

	it('[2.3.4-a] has the elements of the editor’s marks, always nested alike', () => {
		expect(htmlOf(element('paragraph', [text('x', { italic: {}, bold: {} })]))).toBe(
			'<p><strong><em>x</em></strong></p>'
		);
		const link = { href: 'https://x.example/?a=1&b="2"' };
		expect(htmlOf(element('paragraph', [text('x', { bold: {}, link })]))).toBe(
			'<p><a href="https://x.example/?a=1&amp;b=&quot;2&quot;"><strong>x</strong></a></p>'
		);
	});

	it('[2.3.4-a] shows text as text, whatever it is', () => {
		expect(htmlOf(element('paragraph', [text('<script>"&</script>')]))).toBe(
			'<p>&lt;script&gt;&quot;&amp;&lt;/script&gt;</p>'
		);
	});

	it('[2.3.4-a] leaves out links that run, and elements of nobody’s editor', () => {
		const link = { href: 'javascript:alert(1)' };
		expect(htmlOf(element('paragraph', [text('x', { link })]))).toBe('<p>x</p>');
		expect(htmlOf(element('script', [element('paragraph', [text('x')])]))).toBe('<p>x</p>');
		expect(htmlOf(element('heading', [text('x')], { level: 'script' }))).toBe('<h1>x</h1>');
		expect(htmlOf(element('heading', [text('x')], { level: 99 }))).toBe('<h6>x</h6>');
	});

	it('[2.3.4-a] ends where nesting is beyond any editor', () => {
		let node = element('paragraph', [text('deep')]);
		for (let depth = 0; depth < 500; depth += 1) node = element('blockquote', [node]);
		expect(htmlOf(node)).not.toContain('deep');
		expect(bodyText(bodyOf(node.clone()))).toBe(bodyText(bodyOf(node.clone())));
	});

	it('[2.2.3-a] has the quoted letter under the body', () => {
		const body = bodyOf(element('paragraph', [text('Yes')]));
		const quoted = { attribution: 'Wang <w@x.example> wrote:', html: '<p>Well?</p>' };
		expect(draftHtml(body, quoted)).toBe(
			'<p>Yes</p><p>Wang &lt;w@x.example&gt; wrote:</p><blockquote><p>Well?</p></blockquote>'
		);
	});
});

describe('the text of a draft', () => {
	it('[2.3.4-a] has one line per block', () => {
		const body = bodyOf(
			element('paragraph', [text('One '), text('two', { bold: {} })]),
			element('bulletList', [element('listItem', [element('paragraph', [text('three')])])])
		);
		expect(bodyText(body).replaceAll(/\n+/g, '|')).toBe('One two|three|');
	});
});
