import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../lab/ports.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
let dev: ChildProcess | undefined;
/** Settles when the command has ended, by a code of its own or by a signal. */
let ended: Promise<unknown> = Promise.resolve();
let over = false;
let printed = '';

/** The environment as a person's shell has it: Vite behaves in another way where it believes itself under test. */
function withoutTestMarks(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const marks = /^(?:NODE_ENV|VITEST.*|TEST|DEV|PROD|SSR|MODE|BASE_URL|FORCE_COLOR)$/;
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !marks.test(name)));
}

/** Resolves with what the pattern finds in what was printed; rejects when the command ends before. */
async function told(pattern: RegExp): Promise<string> {
	if (dev === undefined) throw new Error('npm run dev was not started');
	for (;;) {
		const found = pattern.exec(printed)?.[1];
		if (found !== undefined) return found;
		if (over) throw new Error(`npm run dev ended:\n${printed}`);
		await Promise.race([once(dev, 'printed'), ended]);
	}
}

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'hongyan-dev-'));
	const [http, smtp, submission, lmtp] = await freePorts(4);
	const settings = path.join(folder, 'hongyan.json');
	await writeFile(settings, JSON.stringify({ HTTP_PORT: http }));
	const child = spawn(process.execPath, ['sync-server/launch/dev.mjs'], {
		cwd: repository,
		env: {
			...withoutTestMarks(process.env),
			NO_COLOR: '1',
			HONGYAN_CONFIG: settings,
			HONGYAN_DATA: path.join(folder, 'data'),
			HONGYAN_DEMO: 'false',
			HONGYAN_SMTP_PORT: String(smtp),
			HONGYAN_SUBMISSION_PORT: String(submission),
			HONGYAN_LMTP_PORT: String(lmtp)
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	dev = child;
	ended = once(child, 'exit').then(() => (over = true));
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			printed += text;
			child.emit('printed');
		});
	}
});

afterAll(async () => {
	dev?.kill('SIGTERM');
	await ended;
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('npm run dev serves the page with hot reload, and the server behind it where its file says', async () => {
	const address = await told(/Local:\s+(http:\/\/\S+?)\/?\s/);
	await told(/(is ready): http/);
	const page = await fetch(`${address}/mail/inbox`);
	expect(await page.text()).toContain('<script src="/first-paint.js">');
	const firstPaint = await fetch(`${address}/first-paint.js`);
	expect(firstPaint.headers.get('content-type')).toContain('javascript');
	expect(await firstPaint.text()).toContain('window.hongyanFirst =');
	expect((await fetch(`${address}/@vite/client`)).status).toBe(200);
	const session = await fetch(`${address}/api/session`);
	expect([session.status, session.headers.get('content-type')]).toEqual([
		401,
		expect.stringContaining('json')
	]);

	dev?.kill('SIGTERM');
	await ended;
	await expect(fetch(`${address}/api/session`)).rejects.toThrow('fetch failed');
});
