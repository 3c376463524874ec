import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificateIn, writeCertificate } from './certificate.ts';
import { freePorts } from './ports.ts';
import { onDisk, writeUntilFull } from './disk.ts';
import { until } from './until.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const compileCache = path.join(repository, 'node_modules/.cache/node-compile');
const command = [
	path.join(repository, 'node_modules/.bin/node'),
	'--expose-gc',
	'sync-server/main.ts'
] as const;
const host = '127.0.0.1';

/** An empty settings file, so that one which a person keeps in the repository does not count here. */
const settings = 'hongyan.json';

/** How long a server may take until `/readyz` says 200, demonstration organisation included. */
const readyWithin = 30_000;

/** How long a server may take to drain and close after SIGTERM, before it is killed. */
const stoppedWithin = 20_000;

/** How long the queue may take to make all its deliveries. */
const emptyWithin = 90_000;

/** How a server came to its end. */
export interface Ending {
	code: number | null;
	signal: NodeJS.Signals | null;
}

/** What a lab server can be told. */
export interface LabServerOptions {
	/** Seed the demonstration organisation into the empty data folder; true unless said otherwise. */
	demo?: boolean;
	/** Where letters to the outside go: `smtp://127.0.0.1:PORT`; without one they are refused. */
	smarthost?: string;
	/**
	 * The web is served by https, and SMTP offers STARTTLS, with a certificate that nobody vouches for: this process no longer asks
	 * who does.
	 */
	tls?: boolean;
	/** Further `HONGYAN_*` variables, with their whole names; they win over what the lab sets. */
	environment?: Readonly<Record<string, string>>;
	/**
	 * The data folder lies on a disk of its own with so many bytes, which begins with what the folder holds and is
	 * gone when the server ends; only where {@link canMountDisks}.
	 */
	diskBytes?: number;
	/** A data folder to use, which stays in the end; a new temporary one unless said otherwise. */
	data?: string;
}

interface Ports {
	http: number;
	smtp: number;
	submission: number;
	lmtp: number;
}

/**
 * The real server as a process of its own, on ports and a data folder of its own. It can be stopped, killed
 * and started again: ports and data stay the same.
 */
export class LabServer {
	readonly ports: Readonly<Ports>;
	readonly data: string;
	readonly #environment: Readonly<Record<string, string>>;
	readonly #disk: number | undefined;
	readonly #hasTls: boolean;
	/** What the lab itself has made, and removes in the end. */
	readonly #folder: string;
	#process: ChildProcess | undefined;
	#ended: Promise<Ending> = Promise.resolve({ code: null, signal: null });
	#log = '';

	private constructor(ports: Ports, folder: string, options: LabServerOptions) {
		this.ports = ports;
		this.data = options.data ?? path.join(folder, 'data');
		this.#folder = folder;
		this.#disk = options.diskBytes;
		this.#hasTls = options.tls ?? false;
		this.#environment = {
			HONGYAN_CONFIG: path.join(folder, settings),
			HONGYAN_HOST: host,
			HONGYAN_DATA: this.data,
			HONGYAN_HTTP_PORT: String(ports.http),
			HONGYAN_SMTP_PORT: String(ports.smtp),
			HONGYAN_SUBMISSION_PORT: String(ports.submission),
			HONGYAN_LMTP_PORT: String(ports.lmtp),
			HONGYAN_DEMO: String(options.demo ?? true),
			...(options.smarthost === undefined ? {} : { HONGYAN_SMARTHOST: options.smarthost }),
			...(this.#hasTls ? certificateIn(folder) : {}),
			...options.environment
		};
	}

	/** A server that is ready. `dispose` it in the end. */
	static async start(options: LabServerOptions = {}): Promise<LabServer> {
		const [http, smtp, submission, lmtp] = (await freePorts(4)) as [number, number, number, number];
		const folder = await mkdtemp(path.join(tmpdir(), 'hongyan-lab-'));
		await writeFile(path.join(folder, settings), '{}');
		if (options.tls === true) await writeCertificate(folder);
		const server = new LabServer({ http, smtp, submission, lmtp }, folder, options);
		await server.start();
		return server;
	}

	/** The address of the web app, without a slash at its end. */
	get address(): string {
		return `${this.#hasTls ? 'https' : 'http'}://${host}:${String(this.ports.http)}`;
	}

	/** The process id; undefined while the server is stopped. */
	get pid(): number | undefined {
		return this.#process?.pid;
	}

	/** All that the server has printed since the first start. */
	get log(): string {
		return this.#log;
	}

	/** Resolves when the process that runs now has ended, by itself or not. */
	get ended(): Promise<Ending> {
		return this.#ended;
	}

	/** Starts the server, if it is stopped, and waits until it is ready; throws, with its log, if it fails. */
	async start(): Promise<void> {
		if (this.#process !== undefined) return;
		const [program, ...rest] = this.#disk === undefined ? command : onDisk(this.#disk, this.data, command);
		const child = spawn(program, rest, {
			cwd: repository,
			// As `npm start` does it.
			env: { NODE_COMPILE_CACHE: compileCache, ...withoutOwnVariables(process.env), ...this.#environment },
			stdio: ['ignore', 'pipe', 'pipe']
		});
		this.#process = child;
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
		}
		this.#ended = new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', (code, signal) => {
				this.#process = undefined;
				resolve({ code, signal });
			});
		});
		await this.#untilReady();
	}

	/** Stops the server and waits for its end: drained with SIGTERM, at once with SIGKILL. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<Ending> {
		const child = this.#process;
		if (child === undefined) return this.#ended;
		child.kill(signal);
		const patience = setTimeout(() => child.kill('SIGKILL'), stoppedWithin);
		try {
			return await this.#ended;
		} finally {
			clearTimeout(patience);
		}
	}

	/** Stops the server that way and starts it again, on the same ports and the same data. */
	async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		await this.stop(signal);
		await this.start();
	}

	/** Something else takes all the room there is on the server's disk. */
	async fillDisk(): Promise<void> {
		const file = await open(this.#filler, 'w');
		try {
			for (const size of [65_536, 1]) await writeUntilFull(file, Buffer.alloc(size));
		} finally {
			await file.close();
		}
	}

	/** The server's disk has room again. */
	async freeDisk(): Promise<void> {
		await rm(this.#filler);
	}

	/** Where the server's own view of its disk is seen from outside. */
	get #filler(): string {
		return `/proc/${String(this.pid)}/root${this.data}/filler`;
	}

	/** How many deliveries the queue has: those that are to be made, and those of which nobody knows whether they were. */
	async queueDepth(): Promise<number> {
		const metrics = await (await fetch(`${this.address}/metrics`)).text();
		const depth = /^hongyan_queue_depth (\d+)$/m.exec(metrics)?.[1];
		if (depth === undefined) throw new Error(`The metrics do not tell the depth of the queue:\n${metrics}`);
		return Number(depth);
	}

	/** Waits until the queue has nothing left to do. */
	async untilQueueIsEmpty(): Promise<void> {
		const isEmpty = async () => ((await this.queueDepth()) === 0 ? true : undefined);
		await until('the queue to be empty', emptyWithin, isEmpty);
	}

	/** Stops the server and removes its data folder, unless it was given one. */
	async dispose(): Promise<void> {
		await this.stop();
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #untilReady(): Promise<void> {
		const ended = this.#ended.then((ending) => {
			throw new Error(`The server has ended: ${JSON.stringify(ending)}`);
		});
		const ready = async () => ((await this.#isReady()) ? true : undefined);
		try {
			await until('the server to be ready', readyWithin, () => Promise.race([ended, ready()]));
		} catch (cause) {
			await this.stop('SIGKILL');
			throw new Error(`The server is not ready. Its log:\n${this.#log}`, { cause });
		}
	}

	async #isReady(): Promise<boolean> {
		try {
			const response = await fetch(`${this.address}/readyz`, { signal: AbortSignal.timeout(5_000) });
			return response.ok;
		} catch {
			// Nobody listens yet.
			return false;
		}
	}
}

/** The environment without the variables that configure a server: what a person has set is not the lab's. */
function withoutOwnVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('HONGYAN_')));
}
