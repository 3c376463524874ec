import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const worker = fileURLToPath(new URL('../../build/service-worker.js', import.meta.url));
const compressed = ['.br', '.gz'].map((ending) => worker + ending);

/**
 * Puts another version of the app's service worker into the build, as an update of the server does; returns
 * what puts the first one back.
 */
export async function publishNewVersion(): Promise<() => Promise<void>> {
	const before = await readFile(worker);
	// Compressed files would be served in its place.
	for (const file of compressed) await rename(file, `${file}.kept`);
	await writeFile(worker, `${before.toString()}\n// another version\n`);
	return async () => {
		await writeFile(worker, before);
		for (const file of compressed) await rename(`${file}.kept`, file);
	};
}
