/**
 * The server's entry. What Node makes of the sources is kept beside the packages, so that from the second start on no
 * thread loads the compiler that strips their types; that takes each of them some 15 MB, and the start a third of its
 * time. Where the folder can't be written everything goes on without.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./program.ts');
