/** `node sync-server/launch/install.mjs`: installs what the lockfile names and is missing, else does nothing. */
import { ensureInstalled } from './installation.mjs';

ensureInstalled();
