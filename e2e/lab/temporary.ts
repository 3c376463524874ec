import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Before a run of tests: what they and the processes they start put among the system's temporary files lies in one folder of the
 * run's own. What is returned removes it.
 */
export default function keepTemporaryFilesTogether(): () => void {
	const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-tests-'));
	process.env['TMPDIR'] = folder;
	return () => {
		rmSync(folder, { recursive: true, force: true });
	};
}
