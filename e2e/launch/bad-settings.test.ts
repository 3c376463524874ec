import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { freePorts } from '../lab/ports.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-settings-'));
const noPem = path.join(folder, 'no.pem');
writeFileSync(noPem, 'this is no certificate\n');
writeFileSync(path.join(folder, 'hongyan.json'), '{}');

afterAll(() => rmSync(folder, { recursive: true }));

/** What the server prints and how it ends with these variables. */
async function start(variables: Readonly<Record<string, string>>) {
	const [http, smtp, submission, lmtp] = await freePorts(4);
	const { stderr, status } = spawnSync(process.execPath, ['sync-server/main.ts'], {
		cwd: repository,
		encoding: 'utf8',
		env: {
			...process.env,
			HONGYAN_CONFIG: path.join(folder, 'hongyan.json'),
			HONGYAN_DATA: path.join(folder, 'data'),
			HONGYAN_DEMO: 'false',
			HONGYAN_LOG_LEVEL: 'error',
			HONGYAN_HTTP_PORT: String(http),
			HONGYAN_SMTP_PORT: String(smtp),
			HONGYAN_SUBMISSION_PORT: String(submission),
			HONGYAN_LMTP_PORT: String(lmtp),
			...variables
		}
	});
	return { stderr, status };
}

describe('a start with a wrong value', () => {
	it.each([
		['HONGYAN_HTTP_PORT', { HONGYAN_HTTP_PORT: 'eighty' }],
		// An address for documents only, so no machine has it.
		['HONGYAN_HOST', { HONGYAN_HOST: '192.0.2.1' }],
		['HONGYAN_TLS_CERT', { HONGYAN_TLS_CERT: noPem, HONGYAN_TLS_KEY: noPem }]
	])('ends with one line that names %s', async (key, variables) => {
		const { stderr, status } = await start(variables);
		expect(status).toBe(1);
		expect(stderr.trim().split('\n')).toEqual([
			expect.stringMatching(new RegExp(`^Hongyan can not run: ${key} must be `))
		]);
	});
});
