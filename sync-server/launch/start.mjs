/**
 * `npm start`: installs what is missing, builds the web app when its sources are newer than the build, then
 * runs the server on Node 24. Plain JavaScript without packages: it begins on whatever Node there is (20 or
 * later), before anything is installed.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { endLike, forwardSignals, startNode, lent } from './child.mjs';
import { ensureInstalled, repository } from './installation.mjs';
import { ensureWebBuilt } from './web-build.mjs';

const main = 'sync-server/main.ts';

ensureInstalled();
ensureWebBuilt();
if (!existsSync(path.join(repository, main))) {
	console.error(`The server's ${main} is missing: is this a whole checkout?`);
	process.exit(1);
}
const server = startNode([...lent, main, ...process.argv.slice(2)]);
forwardSignals([server]);
server.on('exit', endLike);
