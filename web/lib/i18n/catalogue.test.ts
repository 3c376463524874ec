import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { chinese } from './chinese/index.ts';
import { english } from './english/index.ts';

/** Names of the arguments of a message, from its parsed form. */
function argumentsOf(message: string, locale: string): string[] {
	const names = new Set<string>();
	const visit = (nodes: readonly unknown[]): void => {
		for (const node of nodes as {
			type: number;
			value?: string;
			options?: Record<string, { value: unknown[] }>;
		}[]) {
			if (node.type !== 0 && node.type !== 7 && node.value !== undefined) names.add(node.value);
			for (const option of Object.values(node.options ?? {})) visit(option.value);
		}
	};
	visit(new IntlMessageFormat(message, locale, undefined, { ignoreTag: true }).getAst());
	return [...names].sort();
}

describe('[4.4.1-a] the catalogues', () => {
	const keys = Object.keys(chinese) as (keyof typeof chinese)[];

	it('hold the same keys', () => {
		expect(Object.keys(english).sort()).toEqual([...keys].sort());
	});

	it.each(keys)('%s is well formed and takes the same arguments in both', (key) => {
		expect(argumentsOf(english[key], 'en')).toEqual(argumentsOf(chinese[key], 'zh-CN'));
	});

	it('say nothing twice by mistake: no message is empty', () => {
		for (const key of keys) {
			expect(chinese[key].trim(), key).not.toBe('');
			expect(english[key].trim(), key).not.toBe('');
		}
	});

	it('speak of one thing in the singular in English', () => {
		for (const key of keys) {
			const values = Object.fromEntries(argumentsOf(english[key], 'en').map((name) => [name, 1]));
			const text = new IntlMessageFormat(english[key], 'en', undefined, { ignoreTag: true }).format(values);
			expect(text, key).not.toMatch(
				/\b1 (?:[a-z]+ )?(?:attachments|changes|drafts|items|letters|messages|minutes|people|pictures|seconds)\b/
			);
		}
	});

	it('keep to the house style: no exclamation marks, full-width punctuation in Chinese', () => {
		for (const key of keys) {
			expect(`${chinese[key]}${english[key]}`, key).not.toMatch(/[!！]/);
			expect(chinese[key], key).not.toMatch(/[\u4e00-\u9fff][,;:?](?!\s*(?:number|\w+\}))/);
		}
	});
});
