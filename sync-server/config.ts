/**
 * The server's configuration: the only place that reads the environment. Each setting has one key; it comes
 * from the environment as `HONGYAN_<key>`, else from the JSON file under `<key>`, else it has its default.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { settings, type SettingKey, type Settings } from './settings.ts';
import { hasCode } from './store/system-error.ts';

/** What stops a start: one line that names the key and what it should be. */
export class ConfigurationError extends Error {
	readonly key: string;

	constructor(key: string, expected: string) {
		super(`${key} ${expected}`);
		this.name = 'ConfigurationError';
		this.key = key;
	}
}

/** The configuration as the wiring uses it; paths are absolute. */
export interface Configuration {
	readonly data: string;
	readonly host: string;
	readonly ports: {
		readonly http: number;
		readonly smtp: number;
		readonly submission: number;
		readonly lmtp: number;
	};
	/** The address people open, where it is not the one the server listens on. */
	readonly publicUrl: URL | null;
	readonly trustedProxies: readonly string[];
	readonly tls: { readonly certificate: string; readonly key: string } | null;
	readonly smarthost: URL | null;
	/** Whether to seed the demonstration organisation; null: only into an empty data folder. */
	readonly demo: boolean | null;
	readonly organisation: { readonly name: string; readonly domain: string };
	/** Address of the account that receives mail to postmaster; null: the first account. */
	readonly postmaster: string | null;
	readonly limits: { readonly messageBytes: number; readonly undoSeconds: number };
	readonly logLevel: Settings['LOG_LEVEL'];
	readonly metrics: Settings['METRICS'];
	readonly threads: { readonly writers: number; readonly parsers: number };
	/** Variables that begin with HONGYAN_ and are no setting: likely a slip of the pen. */
	readonly unknown: readonly string[];
}

export interface ConfigurationSource {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The folder that relative paths of the environment start from; those of the file start from the file's. */
	readonly directory: string;
}

const prefix = 'HONGYAN_';
/** Variables that others read: the file's path, the tests' browser and seed. */
const foreign = new Set([`${prefix}CONFIG`, `${prefix}CHROMIUM`, `${prefix}SEED`]);

interface Given {
	readonly name: string;
	readonly value: unknown;
	readonly directory: string;
}

/**
 * Reads the configuration from the environment and the file.
 *
 * @throws ConfigurationError for the first value that is wrong, an unreadable file, or a key the file may not
 * have
 */
export function readConfiguration(
	source: ConfigurationSource = { environment: process.env, directory: process.cwd() }
): Configuration {
	const file = readFile(source);
	const values: Partial<Record<SettingKey, unknown>> = {};
	const directories = new Map<SettingKey, string>();
	for (const key of settingKeys) {
		const given = givenValue(key, source, file);
		values[key] = parseSetting(key, given);
		directories.set(key, given?.directory ?? source.directory);
	}
	const resolve = (key: SettingKey, value: string) => path.resolve(directories.get(key) ?? '', value);
	const unknown = Object.keys(source.environment).filter(
		(name) => name.startsWith(prefix) && !foreign.has(name) && !isSettingKey(name.slice(prefix.length))
	);
	return assemble(values as Settings, resolve, unknown);
}

const settingKeys = Object.keys(settings) as SettingKey[];

function isSettingKey(key: string): key is SettingKey {
	return Object.hasOwn(settings, key);
}

interface ConfigurationFile {
	readonly path: string;
	readonly values: Readonly<Record<string, unknown>>;
}

function readFile({ environment, directory }: ConfigurationSource): ConfigurationFile | null {
	const named = environment[`${prefix}CONFIG`];
	const file = path.resolve(directory, named ?? 'hongyan.json');
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		if (hasCode(error, 'ENOENT') && named === undefined) return null;
		throw new ConfigurationError(`${prefix}CONFIG`, `must be the path of a readable file: ${file}`);
	}
	const values = parseObject(text);
	if (values === null) throw new ConfigurationError(file, 'must hold one JSON object');
	const stray = Object.keys(values).find((key) => !isSettingKey(key));
	if (stray !== undefined) {
		throw new ConfigurationError(`${stray} in ${file}`, `must be one of ${settingKeys.join(', ')}`);
	}
	return { path: file, values };
}

function parseObject(text: string): Record<string, unknown> | null {
	try {
		return v.parse(v.record(v.string(), v.unknown()), JSON.parse(text));
	} catch {
		// Not JSON, or not an object; the caller says so with the file's name.
		return null;
	}
}

function givenValue(
	key: SettingKey,
	source: ConfigurationSource,
	file: ConfigurationFile | null
): Given | null {
	const variable = source.environment[prefix + key];
	if (variable !== undefined && variable !== '') {
		return { name: prefix + key, value: variable, directory: source.directory };
	}
	const value = file?.values[key];
	if (file === null || value === undefined) return null;
	return { name: `${key} in ${file.path}`, value, directory: path.dirname(file.path) };
}

function parseSetting(key: SettingKey, given: Given | null): unknown {
	const setting = settings[key];
	const value = given?.value ?? setting.fallback;
	if (value === null) return null;
	const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
	const parsed = isScalar ? v.safeParse(setting.schema, String(value)) : { success: false as const };
	if (parsed.success) return parsed.output;
	throw new ConfigurationError(given?.name ?? key, `must be ${setting.expected}`);
}

function assemble(
	values: Settings,
	resolve: (key: SettingKey, value: string) => string,
	unknown: readonly string[]
): Configuration {
	if ((values.TLS_CERT === null) !== (values.TLS_KEY === null)) {
		const missing = values.TLS_CERT === null ? 'TLS_CERT' : 'TLS_KEY';
		throw new ConfigurationError(prefix + missing, 'must be set too: certificate and key go together');
	}
	const tls =
		values.TLS_CERT === null || values.TLS_KEY === null
			? null
			: {
					certificate: resolve('TLS_CERT', values.TLS_CERT),
					key: resolve('TLS_KEY', values.TLS_KEY)
				};
	return {
		data: resolve('DATA', values.DATA),
		host: values.HOST,
		ports: {
			http: values.HTTP_PORT,
			smtp: values.SMTP_PORT,
			submission: values.SUBMISSION_PORT,
			lmtp: values.LMTP_PORT
		},
		publicUrl: values.PUBLIC_URL,
		trustedProxies: values.TRUSTED_PROXIES,
		tls,
		smarthost: values.SMARTHOST,
		demo: values.DEMO,
		organisation: { name: values.ORGANISATION_NAME, domain: values.ORGANISATION_DOMAIN },
		postmaster: values.POSTMASTER,
		limits: { messageBytes: values.MAX_MESSAGE_BYTES, undoSeconds: values.UNDO_SECONDS },
		logLevel: values.LOG_LEVEL,
		metrics: values.METRICS,
		threads: { writers: values.WRITER_THREADS, parsers: values.PARSER_THREADS },
		unknown
	};
}
