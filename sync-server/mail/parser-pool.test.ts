import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import {
	createParserPool,
	ParserFailure,
	type After,
	type ParserPool,
	type ParserPoolOptions
} from './parser-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongyan-parser-'));
afterAll(() => rmSync(folder, { recursive: true }));

const letter = (subject: string, body = 'body'): Buffer =>
	Buffer.from(`From: ann@example.org\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n${body}`);

/** A clock whose timers a test runs out by hand. */
class ManualClock {
	readonly #running = new Set<{ readonly milliseconds: number; readonly run: () => void }>();

	readonly after: After = (milliseconds, run) => {
		const timer = { milliseconds, run };
		this.#running.add(timer);
		return () => this.#running.delete(timer);
	};

	running(): number[] {
		return [...this.#running].map(({ milliseconds }) => milliseconds);
	}

	runOut(milliseconds: number): void {
		for (const timer of this.#running) {
			if (timer.milliseconds !== milliseconds || !this.#running.delete(timer)) continue;
			timer.run();
		}
	}
}

/** A worker around the real parser that a message can stop, as a fault in it would. */
const fragile = pathToFileURL(join(folder, 'fragile-worker.mjs'));
writeFileSync(
	fragile,
	`import { readFileSync } from 'node:fs';
	import { parentPort } from 'node:worker_threads';
	import { parseMessage } from ${JSON.stringify(new URL('./parse.ts', import.meta.url).href)};
	parentPort.on('message', ({ jobs, bytes }) => {
		for (const { id, source } of jobs) {
			const isFile = source.kind === 'file';
			const message = isFile ? readFileSync(source.path) : new Uint8Array(bytes, source.start, source.end - source.start);
			if (isFile) parentPort.postMessage({ kind: 'read', id });
			const text = Buffer.from(message).toString();
			if (text.includes('STALL')) for (;;);
			if (text.includes('HOARD')) for (const hoard = []; ; ) hoard.push({ x: hoard.length });
			if (text.includes('EXIT')) process.exit(1);
			if (text.includes('THROW')) throw new Error('broken');
			parentPort.postMessage({ kind: 'parsed', id, message: parseMessage(message) });
		}
	});
	parentPort.postMessage({ kind: 'ready' });`
);

/** The real worker on a disk so slow that a file can not be read while there is a mark beside it. */
const onSlowDisk = pathToFileURL(join(folder, 'worker-on-slow-disk.mjs'));
writeFileSync(
	onSlowDisk,
	`import fs from 'node:fs';
	import { syncBuiltinESMExports } from 'node:module';
	const { readFileSync } = fs;
	const moment = new Int32Array(new SharedArrayBuffer(4));
	fs.readFileSync = (path, ...more) => {
		while (fs.existsSync(path + '.slow')) Atomics.wait(moment, 0, 0, 1);
		return readFileSync(path, ...more);
	};
	syncBuiltinESMExports();
	await import(${JSON.stringify(new URL('./parser-worker.ts', import.meta.url).href)});`
);

const slowMarks: string[] = [];

/** The file of a letter that can not be read until it is released. */
function slowLetter(subject: string): { readonly path: string; release(): void } {
	const path = join(folder, `${subject}.eml`);
	writeFileSync(path, letter(subject));
	const mark = `${path}.slow`;
	writeFileSync(mark, '');
	slowMarks.push(mark);
	return { path, release: () => rmSync(mark) };
}

/** A thread may take its time to start where others run. */
const patience = { timeout: 10_000 };

const pools: ParserPool[] = [];
function poolOf(options: Partial<ParserPoolOptions> = {}): ParserPool {
	const pool = createParserPool({ workers: 1, ...options });
	pools.push(pool);
	return pool;
}
afterEach(async () => {
	for (const mark of slowMarks.splice(0)) rmSync(mark, { force: true });
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const subjectsOf = async (pool: ParserPool, messages: readonly Buffer[]): Promise<string[]> =>
	(await Promise.all(messages.map((message) => pool.parse(message)))).map(({ summary }) => summary.subject);

describe('a pool of parsers', () => {
	it('[M21] parses many messages over several workers, and leaves the bytes to the caller', async () => {
		const pool = poolOf({ workers: 2 });
		const messages = Array.from({ length: 300 }, (_, number) => letter(`number ${String(number)}`));
		const subjects = await subjectsOf(pool, messages);
		expect(subjects).toEqual(messages.map((_, number) => `number ${String(number)}`));
		expect(messages[0]?.toString()).toContain('number 0');
	});

	it.each([
		{ bytes: 5_000, workers: 1 },
		{ bytes: 200_000, workers: 2 }
	])('[M21] starts $workers for 20 messages of $bytes bytes', async ({ bytes, workers }) => {
		const clock = new ManualClock();
		const pool = poolOf({ workers: 2, after: clock.after });
		const message = Buffer.concat([letter('one of many'), Buffer.alloc(bytes, 'x')]);
		const parsed = Array.from({ length: 20 }, () => pool.parse(message));
		await Promise.resolve();
		expect(clock.running()).toHaveLength(workers);
		await Promise.all(parsed);
	});

	it('[M21] reads a message from its file', async () => {
		const path = join(folder, 'letter.eml');
		writeFileSync(path, letter('from a file'));
		const { summary, content } = await poolOf().parse({ path });
		expect([summary.subject, content.text, content.defects]).toEqual(['from a file', 'body', []]);
	});

	it('[M21] starts a worker when there is work, and ends it after a time without any', async () => {
		const clock = new ManualClock();
		const pool = poolOf({ after: clock.after, idle: 60_000, deadline: 5_000 });
		expect(clock.running()).toEqual([]);
		await pool.parse(letter('one'));
		await vi.waitFor(() => expect(clock.running()).toEqual([60_000]), patience);
		clock.runOut(60_000);
		expect(clock.running()).toEqual([]);
		expect((await pool.parse(letter('two'))).summary.subject).toBe('two');
	});

	it.each(['EXIT', 'THROW'])(
		'[M22] answers a message that ends its worker (%s), and parses the others',
		async (word) => {
			const pool = poolOf({ module: fragile });
			const messages = [
				letter('first'),
				letter('bad', word),
				letter('third'),
				letter('worse', word),
				letter('last')
			];
			const parsed = await Promise.all(messages.map((message) => pool.parse(message)));
			expect(parsed.map(({ summary, content }) => [summary.subject, content.text, content.defects])).toEqual([
				['first', 'body', []],
				['bad', null, ['unparsable']],
				['third', 'body', []],
				['worse', null, ['unparsable']],
				['last', 'body', []]
			]);
			expect(parsed[1]?.threadKeys.messageId).toBe('bad@x');
			expect(parsed[1]?.summary.size).toBe(messages[1]?.length);
		}
	);

	it('[M22] answers a message that takes too long, and parses the others', async () => {
		const clock = new ManualClock();
		const pool = poolOf({ module: fragile, after: clock.after, deadline: 5_000 });
		const first = pool.parse(letter('first'));
		const stalled = pool.parse(letter('stalled', 'STALL'));
		const last = pool.parse(letter('last'));
		await first;
		expect(clock.running()).toEqual([5_000]);
		clock.runOut(5_000);
		const { summary, content } = await stalled;
		expect([summary.subject, content.defects]).toEqual(['stalled', ['unparsable']]);
		expect((await last).content).toMatchObject({ text: 'body', defects: [] });
	});

	it('[M24] does not count the reading of a file as parsing', async () => {
		const clock = new ManualClock();
		const pool = poolOf({ module: onSlowDisk, after: clock.after, deadline: 5_000, reading: 20_000 });
		const slow = slowLetter('slow');
		const parsed = pool.parse({ path: slow.path });
		await vi.waitFor(() => expect(clock.running()).toEqual([20_000]), patience);
		clock.runOut(5_000);
		slow.release();
		const { summary, content } = await parsed;
		expect([summary.subject, content.text, content.defects]).toEqual(['slow', 'body', []]);
	});

	it('[M24] gives a message that was read no longer than others to be parsed', async () => {
		const clock = new ManualClock();
		const pool = poolOf({ module: fragile, after: clock.after, deadline: 5_000, reading: 20_000 });
		const path = join(folder, 'stalled.eml');
		writeFileSync(path, letter('stalled', 'STALL'));
		const stalled = pool.parse({ path });
		await vi.waitFor(() => expect(clock.running()).toEqual([5_000]), patience);
		clock.runOut(5_000);
		expect((await stalled).content.defects).toEqual(['unparsable']);
	});

	it('[M24] fails where a file is not read in time, and parses the others', async () => {
		const clock = new ManualClock();
		const pool = poolOf({ module: onSlowDisk, after: clock.after, deadline: 5_000, reading: 20_000 });
		const stuck = slowLetter('stuck');
		const failing = pool.parse({ path: stuck.path });
		const next = pool.parse(letter('next'));
		await vi.waitFor(() => expect(clock.running()).toEqual([20_000]), patience);
		clock.runOut(20_000);
		await expect(failing).rejects.toMatchObject({ code: 'unreadable-file' });
		expect((await next).summary.subject).toBe('next');
	});

	it('[M22] answers a message that takes too much memory', async () => {
		const pool = poolOf({ module: fragile, heap: 32 });
		const [big, next] = await Promise.all([pool.parse(letter('big', 'HOARD')), pool.parse(letter('next'))]);
		expect([big.summary.subject, big.content.defects]).toEqual(['big', ['unparsable']]);
		expect(next.content.text).toBe('body');
	});

	it('[M23] fails where there is no file, and only that message', async () => {
		const pool = poolOf();
		const missing = pool.parse({ path: join(folder, 'missing.eml') });
		const directory = pool.parse({ path: folder });
		const present = pool.parse(letter('present'));
		await expect(missing).rejects.toMatchObject({ code: 'unreadable-file' });
		await expect(directory).rejects.toBeInstanceOf(ParserFailure);
		expect((await present).summary.subject).toBe('present');
	});

	it('[M23] fails where no worker can be started', async () => {
		const pool = poolOf({ module: pathToFileURL(join(folder, 'no-such-worker.mjs')) });
		await expect(pool.parse(letter('x'))).rejects.toMatchObject({ code: 'no-worker' });
	});

	it('[M23] finishes what was begun when it is closed, and takes no more', async () => {
		const pool = poolOf({ workers: 2 });
		const messages = Array.from({ length: 100 }, (_, number) => letter(String(number)));
		const begun = subjectsOf(pool, messages);
		await pool.close();
		expect(await begun).toHaveLength(100);
		await expect(pool.parse(letter('late'))).rejects.toMatchObject({ code: 'closed' });
	});
});
