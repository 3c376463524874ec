import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';

type Manifest = Readonly<Record<string, { readonly file: string; readonly css?: readonly string[] }>>;

/** A folder with a built web app, and what SvelteKit generated on the way. */
export interface Folders {
	readonly build: string;
	readonly kit: string;
}

/** A chunk of the build by its path from the root of the site, without the first slash. */
export type Chunk = string;

/** Reads the build's chunks and how they hang together. */
export class BuiltChunks {
	readonly #manifest: Manifest;
	readonly #folders: Folders;

	constructor(folders: Folders) {
		this.#folders = folders;
		const file = path.join(folders.kit, 'output/client/.vite/manifest.json');
		this.#manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
	}

	/** The chunk made of the source whose path ends so. */
	of(source: string): Chunk {
		const found = Object.entries(this.#manifest).find(([key]) => key.endsWith(source));
		if (found === undefined) throw new Error(`The build has no chunk of ${source}.`);
		return found[1].file;
	}

	/** The chunk of a route's layout or page. */
	async ofRoute(part: string): Promise<Chunk> {
		const nodes = path.join(this.#folders.kit, 'generated/build/client-optimized/nodes');
		for (const name of await readdir(nodes)) {
			const source = await readFile(path.join(nodes, name), 'utf8');
			if (source.includes(`routes/${part}.`)) return this.of(`/client-optimized/nodes/${name}`);
		}
		throw new Error(`The build has no chunk of the route ${part}.`);
	}

	code(chunk: Chunk): string {
		return readFileSync(path.join(this.#folders.build, chunk), 'utf8');
	}

	/** These chunks and all that they import at once. */
	closure(chunks: readonly Chunk[]): Set<Chunk> {
		const found = new Set(chunks);
		for (const chunk of found) {
			for (const { source } of importsOf(this.code(chunk)))
				found.add(path.posix.join(path.dirname(chunk), source));
		}
		return found;
	}

	/** The style sheets of these chunks. */
	stylesOf(chunks: ReadonlySet<Chunk>): Set<string> {
		const own = Object.values(this.#manifest).filter(({ file }) => chunks.has(file));
		return new Set(own.flatMap(({ css = [] }) => css));
	}

	/** All chunks. */
	async all(): Promise<Chunk[]> {
		const root = path.join(this.#folders.build, '_app/immutable');
		const files = await readdir(root, { recursive: true });
		return files
			.filter((file) => file.endsWith('.js'))
			.map((file) => path.posix.join('_app/immutable', file));
	}
}

/** One statement that imports from another module, or exports what that one exports. */
interface Import {
	readonly source: string;
	/** What is imported by name; everything is spelt `*`. */
	readonly names: readonly string[];
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
	return node.type === 'Literal' ? String(node.value) : (node.name ?? '');
}

/** The static imports of a module. */
export function importsOf(code: string): Import[] {
	return parseAst(code).body.flatMap((statement): Import[] => {
		if (statement.type === 'ImportDeclaration') {
			const names = statement.specifiers.map((one) =>
				one.type === 'ImportSpecifier'
					? nameOf(one.imported)
					: one.type === 'ImportDefaultSpecifier'
						? 'default'
						: '*'
			);
			return [{ source: statement.source.value, names }];
		}
		if (statement.type === 'ExportNamedDeclaration' && statement.source !== null) {
			return [
				{ source: statement.source.value, names: statement.specifiers.map(({ local }) => nameOf(local)) }
			];
		}
		if (statement.type === 'ExportAllDeclaration') return [{ source: statement.source.value, names: ['*'] }];
		return [];
	});
}
