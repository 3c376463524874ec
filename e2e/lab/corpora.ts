import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const corpora = fileURLToPath(new URL('../../../shared/corpora/', import.meta.url));

/** Whether the corpora lie beside this checkout; where they do not, what reads them is skipped. */
export const haveCorpora = existsSync(corpora);

/** Why a test that reads the corpora is skipped. */
export const withoutCorpora = 'There are no corpora beside this checkout.';

/** The bytes of a file of the corpora. */
export function corpusFile(...names: readonly string[]): Buffer {
	return readFileSync(path.join(corpora, ...names));
}
