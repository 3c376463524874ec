import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const corpora = fileURLToPath(new URL('../../../shared/corpora/', import.meta.url));

/** Whether the corpora lie beside this checkout; where they do not, what reads them is skipped. */
export const haveCorpora = existsSync(corpora);

/** Why a test that reads the corpora is skipped. */
export const withoutCorpora = `There are no corpora beside this checkout (${corpora}).`;

/** Where there are no corpora, says so and what follows from it for a test. */
export function tellWithoutCorpora(consequence: string): void {
	if (!haveCorpora) console.log(`${consequence} ${withoutCorpora}`);
}

/** The path of a file of the corpora; names are told from their root, with `/` between folders. */
export function corpusPath(name: string): string {
	return path.join(corpora, name);
}

/** The bytes of a file of the corpora. */
export function corpusFile(name: string): Buffer {
	return readFileSync(corpusPath(name));
}

/** The names of all files below a folder of the corpora, in their order; none where there are no corpora. */
export function corpusFiles(folder: string): string[] {
	if (!haveCorpora) return [];
	return readdirSync(corpusPath(folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(corpora, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
		.sort();
}
