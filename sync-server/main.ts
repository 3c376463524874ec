/** The server's entry: reads the configuration, starts everything, and ends it when told to. */
import process from 'node:process';
import { ConfigurationError, readConfiguration, type Configuration } from './config.ts';
import { demonstrationPassword } from './demo/people.ts';
import { SpoiledBuildError } from './http/content-security.ts';
import { startServer, type RunningServer } from './server.ts';
import { StoreError } from './store/store-error.ts';

/** How long stopping may take before the process ends all the same, milliseconds. */
const stopWithin = 15_000;

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** Codes of a host in the settings that is no address of this machine. */
const unknownHost = new Set<unknown>(['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL']);

/** One line for what a person can put right, all there is for a fault of the program. */
function complaint(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if ('code' in error && unknownHost.has(error.code)) {
		return new ConfigurationError('HONGYAN_HOST', `must be an address of this machine: ${error.message}`)
			.message;
	}
	const isExpected =
		error instanceof ConfigurationError ||
		error instanceof SpoiledBuildError ||
		(error instanceof StoreError && error.kind === 'refused') ||
		('syscall' in error && error.syscall === 'listen');
	return (isExpected ? undefined : error.stack) ?? error.message;
}

function complain(error: unknown): void {
	process.stderr.write(`Hongyan can not run: ${complaint(error)}\n`);
}

function announce({ host, publicUrl, tls }: Configuration, { ports, demonstration }: RunningServer): void {
	const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
	const own = `${tls === null ? 'http' : 'https'}://${named}:${ports.http}`;
	say(`鸿雁 Hongyan is ready: ${publicUrl?.origin ?? own}`);
	say(`SMTP ${ports.smtp}, submission ${ports.submission}, LMTP ${ports.lmtp}`);
	if (demonstration.length === 0) return;
	say(`Sign in as one of these, with the password ${demonstrationPassword}:`);
	for (const { name, address } of demonstration) say(`  ${address}  ${name}`);
}

/** Ends the process once everything is closed; a second signal, or a fault, does not wait. */
function endWith(server: RunningServer): void {
	let isStopping = false;
	const end = (signal: NodeJS.Signals) => {
		if (isStopping) process.exit(1);
		isStopping = true;
		server.log.info({ signal }, 'asked to stop');
		setTimeout(() => process.exit(1), stopWithin).unref();
		server.stop().then(
			() => process.exit(0),
			(error: unknown) => {
				complain(error);
				process.exit(1);
			}
		);
	};
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
}

/** Nothing that is acknowledged is lost by ending at once: it is committed. */
function die(error: unknown): void {
	complain(error);
	process.exit(1);
}

process.on('uncaughtException', die);
process.on('unhandledRejection', die);
try {
	const configuration = readConfiguration();
	const server = await startServer(configuration, die);
	endWith(server);
	announce(configuration, server);
} catch (error) {
	die(error);
}
