import { ESLint, Linter } from 'eslint';
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import boundaries, { mayImport } from './eslint-boundaries.js';

const linter = new Linter({ cwd: import.meta.dirname });

/** What the rule says about a file of that name with that text, which need not exist. */
function complaints(file: string, text: string): string[] {
	const configuration: Linter.Config = {
		files: ['**'],
		plugins: { boundaries },
		languageOptions: { parser: tseslint.parser },
		rules: { 'boundaries/imports': 'error' }
	};
	return linter
		.verify(text, configuration, { filename: `${import.meta.dirname}/${file}` })
		.map((message) => message.message);
}

const forbidden: [file: string, specifier: string][] = [
	['schema/mail/summary.ts', '#lib/replica/replica.ts'],
	['schema/mail/summary.ts', '../../sync-server/store/space.ts'],
	['schema/mail/summary.ts', '../tables/message.ts'],
	['schema/ids.ts', 'node:crypto'],
	['web/lib/mail/list.svelte.ts', '#schema/tables/message.ts'],
	['sync-server/queue/accept.ts', '#schema/tables/queue.ts'],
	['sync-server/main.ts', '#schema/tables/queue.ts'],
	['web/lib/mail/list.ts', '../frame/sync-state.ts'],
	['web/lib/mail/list.ts', '#lib/frame/sync-state.ts'],
	['web/lib/frame/sync-state.ts', '#lib/mail/list.ts'],
	['web/lib/mail/list.ts', '#lib/unheard-of/thing.ts'],
	['web/lib/projection/columns.ts', '#lib/mail/list.ts'],
	['web/lib/projection/columns.ts', '#lib/session/account.ts'],
	['web/lib/replica/store.ts', '#lib/projection/columns.ts'],
	['web/lib/replica/store.ts', '../session/account.ts'],
	['web/lib/replica/store.ts', '#lib/ui/button.ts'],
	['web/lib/replica/store.ts', '#lib/i18n/catalogue.ts'],
	['web/lib/projection/columns.ts', '#lib/ui/button.ts'],
	['web/lib/ui/button.ts', '#lib/replica/replica.ts'],
	['web/lib/mail/list.ts', '../../routes/mail/address.ts'],
	['web/lib/mail/list.ts', '../../../sync-server/mail/thread.ts'],
	['web/lib/mail/list.ts', 'node:fs'],
	['web/service-worker/index.ts', '#lib/mail/list.ts'],
	['web/first-paint/still.ts', '#lib/session/account.ts'],
	['web/lib/session/account.ts', '../../first-paint/still.ts'],
	['sync-server/mail/thread.ts', '../../web/lib/mail/thread.ts'],
	['sync-server/mail/thread.ts', '#lib/i18n/catalogue.ts'],
	['sync-server/smtp/session.ts', '../http/app.ts'],
	['sync-server/sync/room.ts', '../http/cookie.ts'],
	['sync-server/queue/accept.ts', '../smtp/session.ts'],
	['sync-server/mail/thread.ts', '../queue/queue.ts'],
	['sync-server/mail/thread.ts', '../store/store.ts'],
	['sync-server/accounts/directory.ts', '../queue/queue.ts'],
	['sync-server/accounts/directory.ts', '../mail/thread.ts'],
	['sync-server/queue/accept.ts', '../config.ts'],
	['sync-server/queue/accept.ts', '../unheard-of/thing.ts'],
	['sync-server/import/main.ts', '../queue/queue.ts'],
	['sync-server/demo/seed.ts', '../http/app.ts'],
	['sync-server/main.ts', './import/main.ts'],
	['sync-server/store/space.ts', '../mail/thread.ts'],
	['sync-server/store/space.ts', '../config.ts'],
	['sync-server/store/space.ts', '../observe/log.ts'],
	['sync-server/observe/log.ts', '../store/space.ts'],
	['e2e/scenarios/sign-in.test.ts', '../../web/lib/mail/list.ts'],
	['e2e/scenarios/sign-in.test.ts', '../../sync-server/config.ts'],
	['e2e/scenarios/sign-in.test.ts', '../../sync-server/store/space.ts'],
	['e2e/scenarios/sign-in.test.ts', '#lib/replica/replica.ts'],
	['e2e/convergence/two.test.ts', '../../sync-server/smtp/session.ts'],
	['e2e/convergence/two.test.ts', '#lib/projection/columns.ts'],
	['e2e/outside/smtp-sink.ts', '../lab/server.ts'],
	['e2e/outside/smtp-sink.ts', '../../sync-server/config.ts'],
	['sync-server/queue/accept.test.ts', '../../e2e/lab/server.ts'],
	['sync-server/queue/accept.ts', '../../e2e/outside/smtp-sink.ts'],
	['sync-server/queue/accept.ts', './trial/office.ts'],
	['schema/mail/summary.ts', '../trial/chance.ts'],
	['web/lib/replica/replica.ts', './trial/bench.ts'],
	['sync-server/mail/parse.ts', '../../../elsewhere/parse.ts'],
	['sync-server/mail/parse.ts', '../../docs/example.ts']
];

const allowed: [file: string, specifier: string][] = [
	['schema/mail/summary.ts', '../ids.ts'],
	['schema/ids.test.ts', 'node:fs'],
	['schema/tables/message.ts', '../ids.ts'],
	['web/routes/(app)/mail/+page.ts', '#lib/mail/list.ts'],
	['web/routes/(app)/mail/+page.ts', './$types'],
	['web/lib/mail/list.ts', '#lib/projection/columns.ts'],
	['web/lib/mail/list.ts', '../session/account.ts'],
	['web/lib/mail/list.ts', '#schema/mail/summary.ts'],
	['web/lib/mail/list.ts', '$app/navigation'],
	['web/lib/projection/columns.ts', '../replica/replica.ts'],
	['web/lib/replica/replica.ts', '../platform/clock.ts'],
	['web/lib/ui/button.ts', '../i18n/catalogue.ts'],
	['web/lib/replica/replica.test.ts', 'node:fs'],
	['web/service-worker/index.ts', 'workbox-precaching'],
	['web/first-paint/language.ts', '#lib/i18n/locale.ts'],
	['web/routes/(app)/still.ts', '../../first-paint/still.ts'],
	['sync-server/main.ts', './smtp/session.ts'],
	['sync-server/main.ts', './demo/seed.ts'],
	['sync-server/main.ts', './observe/log.ts'],
	['sync-server/demo/seed.ts', '../core.ts'],
	['sync-server/smtp/session.ts', '../queue/accept.ts'],
	['sync-server/smtp/session.ts', '../accounts/sign-in.ts'],
	['sync-server/smtp/session.ts', 'node:net'],
	['sync-server/queue/deliver.ts', '../mail/thread.ts'],
	['sync-server/queue/deliver.ts', '../store/space.ts'],
	['sync-server/queue/deliver.ts', '../accounts/directory.ts'],
	['sync-server/queue/deliver.test.ts', './trial/world.ts'],
	['sync-server/store/space.ts', '#schema/tables/message.ts'],
	['e2e/scenarios/sign-in.test.ts', '../lab/server.ts'],
	['e2e/scenarios/sign-in.test.ts', '#schema/ids.ts'],
	['e2e/convergence/two.test.ts', '#lib/replica/replica.ts'],
	['e2e/convergence/two.test.ts', '../../sync-server/sync/room.ts'],
	['e2e/convergence/two.test.ts', '../../sync-server/store/space.ts'],
	['e2e/scenarios/sign-in.test.ts', '../outside/smtp-sink.ts'],
	['e2e/convergence/world.ts', '#schema/trial/chance.ts'],
	['sync-server/queue/accept.test.ts', '../../e2e/outside/smtp-sink.ts'],
	['sync-server/queue/trial/office.ts', '#schema/trial/people.ts'],
	['web/lib/replica/store.contract.ts', './trial/bench.ts'],
	['vite.config.ts', './web/lib/i18n/locales.ts']
];

describe('the import rules of the architecture', () => {
	it.each(forbidden)('refuses in %s the import of %s', (file, specifier) => {
		expect(complaints(file, `import '${specifier}';`)).toHaveLength(1);
	});

	it.each(allowed)('lets %s import %s', (file, specifier) => {
		expect(complaints(file, `import '${specifier}';`)).toEqual([]);
	});

	it.each([
		"import { thread } from '../../sync-server/mail/thread.ts';",
		"import type { Thread } from '../../sync-server/mail/thread.ts';",
		"export { thread } from '../../sync-server/mail/thread.ts';",
		"export * from '../../sync-server/mail/thread.ts';",
		"const thread = await import('../../sync-server/mail/thread.ts');",
		"let thread: import('../../sync-server/mail/thread.ts').Thread;"
	])('sees through every way to import: %s', (text) => {
		expect(complaints('e2e/lab/server.ts', text)).toHaveLength(1);
	});

	it.each([
		'sync-server/unheard-of/thing.ts',
		'web/lib/unheard-of/thing.ts',
		'web/lib/thing.ts',
		'new/thing.ts'
	])('wants a row for the folder of %s', (file) => {
		expect(complaints(file, 'export {};')).toEqual([
			'This folder has no row in eslint-boundaries.js, which says what it may import.'
		]);
	});

	it('says what the importer may use', () => {
		expect(complaints('sync-server/smtp/session.ts', "import '../http/app.ts';")).toEqual([
			"'../http/app.ts' must not be imported here: sync-server/smtp may import only sync-server/queue, sync-server/mail, sync-server/accounts, sync-server/store, schema; this is sync-server/http."
		]);
	});

	it.each([
		'schema/ids.ts',
		'web/lib/mail/list.svelte',
		'sync-server/main.ts',
		'sync-server/launch/start.mjs',
		'e2e/run-tests.mjs'
	])('is switched on for %s', async (file) => {
		const eslint = new ESLint({ cwd: import.meta.dirname });
		const configuration = (await eslint.calculateConfigForFile(file)) as Linter.Config;
		expect(configuration.rules?.['boundaries/imports']).toEqual([2]);
	});
});

/** Folder and imports of every row of the page's tables that says what a folder may import, as it is written. */
function rowsOf(page: string): Record<string, string> {
	const rows: Record<string, string> = {};
	let isTable = false;
	for (const line of page.split('\n')) {
		const cells = line.split('|').map((cell) => cell.trim());
		if (cells[3] === 'may import') isTable = true;
		else if (cells.length < 5) isTable = false;
		else if (isTable && !/^-+$/.test(cells[1] ?? '')) rows[cells[1] ?? ''] = cells[3] ?? '';
	}
	return rows;
}

/** The row of a zone as the page writes it: the names of its own house are short. */
function rowOf(zone: string, imports: readonly string[]): [folder: string, imports: string] {
	const house = /^(?:sync-server|web)(?=\/|$)/.exec(zone)?.[0];
	const within = house === 'web' ? 'web/lib/' : `${house}/`;
	const short = (name: string) => (name === 'sync-server' ? '`*.ts`' : name.replace(within, ''));
	const folder = zone === house ? '`*.ts`' : `\`${zone.replace(`${house}/`, '')}/\``;
	return [folder, imports.map(short).join(', ') || 'nothing of ours'];
}

describe('docs/architecture.md', () => {
	it('has the tables that the rule is made from', () => {
		const page = readFileSync(new URL('docs/architecture.md', import.meta.url), 'utf8');
		const rows = Object.entries(mayImport).map(([zone, imports]) => rowOf(zone, imports));
		expect(rowsOf(page)).toEqual(Object.fromEntries(rows));
	});
});
