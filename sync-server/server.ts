import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { SpaceId } from '#schema/ids.ts';
import { ConfigurationError, type Configuration } from './config.ts';
import { openCore, prepareDataFolder, systemRandom, type Core } from './core.ts';
import { edgeCounters, queueCounters } from './counting.ts';
import { DailyUpkeep } from './daily-upkeep.ts';
import { isPrivate, planSeeding, seedDemonstration } from './demo/seed.ts';
import { createHttpApp } from './http/app.ts';
import { scriptSourcesOf, type ScriptSources } from './http/content-security.ts';
import { PartReader } from './http/part-reader.ts';
import { startHttp, type HttpServer } from './http/server.ts';
import { Site } from './http/site.ts';
import { createParserPool, type ParserPool } from './mail/parser-pool.ts';
import { createLogger, type Logger } from './observe/log.ts';
import { createMetrics, type Metrics } from './observe/metrics.ts';
import { observedStore } from './observed-store.ts';
import { systemClock } from './queue/clock.ts';
import { createQueue, type Queue } from './queue/queue.ts';
import { smarthostAt } from './queue/smarthost.ts';
import { addressLimits } from './smtp/conversations.ts';
import { startSmtpEdges, type SmtpEdges } from './smtp/edges.ts';
import type { StoreError } from './store/store-error.ts';
import { keepUp } from './store/upkeep.ts';
import { SyncHub } from './sync/hub.ts';
import { commandsOver } from './sync/queue-commands.ts';
import { spacesIn } from './sync/spaces.ts';
import { acceptSockets } from './sync/web-socket.ts';

/** The running server. */
export interface RunningServer {
	readonly log: Logger;
	readonly ports: Configuration['ports'];
	/** Sign-ins of the demonstration organisation; none where it is not there. */
	readonly demonstration: readonly { readonly name: string; readonly address: string }[];
	/** Takes nothing new, finishes and answers what was begun, and lets go of everything. */
	stop(): Promise<void>;
}

/** The server's parts, in the order they depend on each other. */
interface Parts {
	readonly configuration: Configuration;
	readonly tls: Pem | null;
	readonly scriptSources: ScriptSources;
	readonly log: Logger;
	readonly metrics: Metrics;
	readonly core: Core;
	readonly parser: ParserPool;
	readonly queue: Queue;
	readonly hub: SyncHub;
	readonly upkeep: DailyUpkeep;
}

interface Pem {
	readonly certificate: string;
	readonly key: string;
}

/** How long deliveries to the outside may go on after the server was told to stop, milliseconds. */
const stopPatience = 5_000;
const tickEvery = 5_000;
/** How long mail that comes in quick succession is gathered before it is delivered inside, milliseconds. */
const gatherFor = 10;
/** How long the writer may take to answer before the server counts as not ready, milliseconds. */
const readyWithin = 2_000;
const build = fileURLToPath(new URL('../build', import.meta.url));

/**
 * Starts everything: store, queue, demonstration where it is due, then the ports. When it resolves the server
 * is ready.
 *
 * @param fatal is told of what the process can't live with; it should end
 * @throws ConfigurationError, SpoiledBuildError, StoreError `refused` where the data folder is in use, or why a port can't be bound
 */
export async function startServer(
	configuration: Configuration,
	fatal: (error: Error) => void
): Promise<RunningServer> {
	const tls = readTls(configuration);
	const log = createLogger(configuration.logLevel);
	const scriptSources = scriptSourcesOf(build, (error) =>
		log.error({ err: error }, 'the web app goes on with the policy of an earlier build')
	);
	for (const name of configuration.unknown) log.warn({ name }, 'a variable is no setting');
	const metrics = createMetrics();
	prepareDataFolder(configuration.data);
	const seeding = planSeeding(configuration, Date.now());
	const core = await openCore(configuration, {
		observe: (store) => observedStore(store, metrics),
		onFailure: fatal
	});
	const parser = createParserPool({ workers: configuration.threads.parsers });
	const surroundings = { configuration, tls, scriptSources, log, metrics };
	const parts = assemble(surroundings, core, parser);
	try {
		await parts.queue.start();
		const demonstration = seeding === null ? [] : await seedDemonstration(core, parser, seeding);
		if (seeding !== null && !isPrivate(configuration)) {
			log.warn('the demonstration, whose password everybody knows, is open to others');
		}
		return { log, demonstration, ...(await listen(parts)) };
	} catch (error) {
		await parts.queue.stop(0);
		await parser.close();
		await core.close();
		throw error;
	}
}

function readTls({ tls }: Configuration): Pem | null {
	if (tls === null) return null;
	const read = (key: string, file: string) => {
		const refused = new ConfigurationError(
			`HONGYAN_${key}`,
			`must be the path of a readable PEM file: ${file}`
		);
		try {
			const pem = readFileSync(file, 'utf8');
			createSecureContext(key === 'TLS_CERT' ? { cert: pem } : { key: pem });
			return pem;
		} catch {
			throw refused;
		}
	};
	const pem = { certificate: read('TLS_CERT', tls.certificate), key: read('TLS_KEY', tls.key) };
	try {
		createSecureContext({ cert: pem.certificate, key: pem.key });
		return pem;
	} catch {
		throw new ConfigurationError(
			'HONGYAN_TLS_KEY',
			`must be the key of the certificate in ${tls.certificate}`
		);
	}
}

function domainsOf({ organisation }: Core, { publicUrl }: Configuration) {
	const domain = organisation.domains[0] ?? '';
	return { domain, name: publicUrl?.hostname ?? domain };
}

function assemble(
	surroundings: Pick<Parts, 'configuration' | 'tls' | 'scriptSources' | 'log' | 'metrics'>,
	core: Core,
	parser: ParserPool
): Parts {
	const { configuration, log, metrics } = surroundings;
	const { store, blobs, directory, organisation } = core;
	const { domain, name } = domainsOf(core, configuration);
	const { smarthost, limits } = configuration;
	const queue = createQueue({
		store,
		blobs,
		parser,
		directory,
		smarthost: smarthost === null ? null : smarthostAt({ url: smarthost, name }),
		organisation: organisation.id,
		name,
		domain,
		limits: { messageBytes: limits.messageBytes, undoFor: limits.undoSeconds * 1000, gatherFor },
		clock: systemClock,
		random: systemRandom,
		logger: log,
		counters: queueCounters(metrics)
	});
	const hub = new SyncHub({
		clock: Date.now,
		random: systemRandom,
		spaces: spacesIn(store),
		commands: commandsOver(queue, store),
		profile: (principal) => directory.profileOf(principal),
		greeted: (account, device) => directory.sessions.boundTo(account.session, device),
		pushed: (result) => metrics.pushes.inc({ result }),
		failed: (error) => log.error({ err: error }, 'a sync connection failed')
	});
	store.subscribe((event) => hub.heard(event));
	directory.sessions.onEnd((id) => hub.signedOut(id));
	metrics.read({
		sockets: () => hub.sockets,
		rooms: () => hub.rooms,
		queueDepth: async () => Object.values(await queue.counts()).reduce((sum, count) => sum + count, 0),
		openFiles: () => store.figures.openFiles,
		waitingOperations: () => store.figures.waiting,
		commits: () => store.figures.commits
	});
	const failed = (space: SpaceId, error: StoreError) =>
		log.error({ space, error: error.kind, detail: error.detail }, 'a space could not be trimmed');
	const upkeep = new DailyUpkeep({
		clock: systemClock,
		run: (now, signal) => keepUp({ store, blobs, directory: configuration.data, failed }, now, signal),
		metrics,
		logger: log
	});
	return { ...surroundings, core, parser, queue, hub, upkeep };
}

/** Binds all ports; where one can't be had, those that were are given back. */
async function listen(parts: Parts): Promise<Pick<RunningServer, 'ports' | 'stop'>> {
	const { configuration, tls, hub, upkeep } = parts;
	const lacking = new Set(['smtp']);
	const http = await startHttp(httpApp(parts, lacking), {
		host: configuration.host,
		port: configuration.ports.http,
		tls
	});
	try {
		const smtp = await startSmtp(parts);
		lacking.clear();
		const ticking = setInterval(() => hub.tick(), tickEvery);
		upkeep.start();
		const { receiving, submission, lmtp } = smtp.ports;
		let stopped: Promise<void> | undefined;
		return {
			ports: { http: http.port, smtp: receiving, submission, lmtp },
			stop: () => (stopped ??= stop(parts, http, smtp, ticking))
		};
	} catch (error) {
		await http.close();
		throw error;
	}
}

function startSmtp({ configuration, tls, log, metrics, core, queue }: Parts): Promise<SmtpEdges> {
	const { ports, host, limits } = configuration;
	return startSmtpEdges({
		host,
		ports: { receiving: ports.smtp, submission: ports.submission, lmtp: ports.lmtp },
		queue,
		directory: core.directory,
		...domainsOf(core, configuration),
		tls,
		maxBytes: limits.messageBytes,
		addressLimits,
		now: Date.now,
		logger: log,
		counters: edgeCounters(metrics)
	});
}

function httpApp(
	{ configuration, scriptSources, log, metrics, core, hub }: Parts,
	lacking: ReadonlySet<string>
) {
	const { publicUrl, tls, trustedProxies } = configuration;
	const { directory, blobs, organisation } = core;
	const partReader = new PartReader({ directory: path.join(configuration.data, 'parts') });
	return createHttpApp({
		site: new Site({ publicUrl, tls: tls !== null, trustedProxies }),
		clock: Date.now,
		build,
		scriptSources,
		directory,
		spaces: {
			space: (space) => core.space(space),
			blobs,
			organisation: organisation.id,
			readPart: (message, section) => partReader.read(message, section)
		},
		observe: {
			missing: async () => [...lacking, ...((await writerAnswers(core)) ? [] : ['writer'])],
			metricsPage: () => metrics.page(),
			isOpen: configuration.metrics === 'everyone'
		},
		acceptSocket: acceptSockets(hub, directory.sessions),
		attempted: (result) => metrics.signIns.inc({ result }),
		answered: (method, status) => metrics.requests.inc({ method, status: String(status) }),
		failed: (error) => log.error({ err: error }, 'a request failed')
	});
}

async function writerAnswers({ directory }: Core): Promise<boolean> {
	const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), readyWithin).unref());
	const answer = directory.organisation().then(
		() => true,
		() => false
	);
	return Promise.race([answer, late]);
}

async function stop(
	{ log, core, parser, queue, hub, upkeep }: Parts,
	http: HttpServer,
	smtp: SmtpEdges,
	ticking: NodeJS.Timeout
): Promise<void> {
	log.info('stopping');
	clearInterval(ticking);
	await Promise.all([hub.leave(), smtp.close(), upkeep.stop()]);
	await http.close();
	await queue.stop(stopPatience);
	await parser.close();
	await core.close();
	log.info('stopped');
}
