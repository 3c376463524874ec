import { isIP } from 'node:net';
import * as v from 'valibot';
import { isAddress } from '#schema/mail/address.ts';

/** One setting: how its text is read, its default, and the words that document it. */
interface Setting<Value> {
	readonly schema: v.GenericSchema<string, Value>;
	/** The default as it would be written; null where nothing stands for it. */
	readonly fallback: string | null;
	/** Completes "must be …" when a value is wrong. */
	readonly expected: string;
	readonly purpose: string;
}

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1000));
const hostName = v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9.:_-]{1,253}$/));
const domain = v.pipe(
	v.string(),
	v.trim(),
	v.toLowerCase(),
	v.regex(
		/^(?=.{1,253}$)[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u
	)
);

function whole(lowest: number, highest: number) {
	return v.pipe(
		v.string(),
		v.regex(/^\d{1,12}$/),
		v.transform(Number),
		v.minValue(lowest),
		v.maxValue(highest)
	);
}

const port = whole(0, 65_535);
const portWords = 'a whole number from 0 to 65535 (0: any free port)';

const yesOrNo = v.pipe(
	v.picklist(['true', 'false', '1', '0']),
	v.transform((value) => value === 'true' || value === '1')
);

/** An address with one of the schemes and with neither query nor fragment. */
function address(schemes: readonly string[]) {
	return v.pipe(
		v.string(),
		v.check((value) => URL.canParse(value)),
		v.transform((value) => new URL(value)),
		v.check((url) => schemes.includes(url.protocol) && url.hostname !== '' && url.search + url.hash === '')
	);
}

const origin = v.pipe(
	address(['http:', 'https:']),
	v.check((url) => url.pathname === '/' && url.username === '')
);

const addressList = v.pipe(
	v.string(),
	v.transform((value) =>
		value
			.split(',')
			.map((item) => item.trim())
			.filter((item) => item !== '')
	),
	v.check((items) => items.every((item) => isIP(item) !== 0))
);

const notSet = <Value>(setting: Omit<Setting<Value>, 'fallback'>): Setting<Value | null> => ({
	...setting,
	fallback: null
});

/** Every setting there is. `docs/configuration.md` is made from this table. */
export const settings = {
	DATA: {
		schema: text,
		fallback: './data',
		expected: 'the path of a folder',
		purpose: 'The folder that holds everything: spaces, queue, directory, blobs.'
	},
	HOST: {
		schema: hostName,
		fallback: '127.0.0.1',
		expected: 'an IP address or host name of this machine',
		purpose: 'The address all ports are bound to. `0.0.0.0` or `::` opens them to the network.'
	},
	HTTP_PORT: {
		schema: port,
		fallback: '8080',
		expected: portWords,
		purpose: 'Port of the web app, its API and the WebSocket.'
	},
	SMTP_PORT: {
		schema: port,
		fallback: '2525',
		expected: portWords,
		purpose: 'Port on which mail from other servers is received (SMTP).'
	},
	SUBMISSION_PORT: {
		schema: port,
		fallback: '2587',
		expected: portWords,
		purpose: 'Port on which mail programs hand in letters after authentication.'
	},
	LMTP_PORT: {
		schema: port,
		fallback: '2424',
		expected: portWords,
		purpose: 'Port on which a mail server in front delivers (LMTP).'
	},
	PUBLIC_URL: notSet({
		schema: origin,
		expected: 'an http or https address without a path, such as https://mail.example.org',
		purpose:
			'The address people open, where it differs from the one the server listens on. Only requests from this origin are then taken, and an https address makes the cookie a secure one.'
	}),
	TRUSTED_PROXIES: {
		schema: addressList,
		fallback: '',
		expected: 'IP addresses separated by commas',
		purpose: 'Reverse proxies whose `X-Forwarded-For` is believed: its last address counts as the client.'
	},
	TLS_CERT: notSet({
		schema: text,
		expected: 'the path of a PEM file',
		purpose: 'Certificate chain. With it and TLS_KEY the web is served by https and SMTP offers STARTTLS.'
	}),
	TLS_KEY: notSet({
		schema: text,
		expected: 'the path of a PEM file',
		purpose: 'Private key of TLS_CERT.'
	}),
	SMARTHOST: notSet({
		schema: address(['smtp:', 'smtps:']),
		expected: 'an address such as smtp://user:password@relay.example.org:587',
		purpose:
			'The mail server that takes letters to the outside. Without one they are refused when they are sent.'
	}),
	DEMO: notSet({
		schema: yesOrNo,
		expected: 'true or false (1 or 0)',
		purpose:
			'Whether the demonstration organisation, whose password everybody knows, is seeded. Not set: only where the data folder is empty, HOST is this machine alone, and neither PUBLIC_URL nor SMARTHOST is set.'
	}),
	ORGANISATION_NAME: {
		schema: text,
		fallback: '鸿雁科技 Hongyan Technology',
		expected: 'a name',
		purpose: 'Name of the organisation, taken when the data folder is made.'
	},
	ORGANISATION_DOMAIN: {
		schema: domain,
		fallback: 'hongyan.example',
		expected: 'a domain name',
		purpose: 'Domain of the organisation’s addresses, taken when the data folder is made.'
	},
	POSTMASTER: notSet({
		schema: v.pipe(v.string(), v.trim(), v.check(isAddress)),
		expected: 'the address of an account, such as it@example.org',
		purpose:
			'The account that receives mail to postmaster, which every mail domain must take (RFC 5321). An account that is itself called postmaster comes first. Not set, or nobody’s address: the account that has been there longest.'
	}),
	MAX_MESSAGE_BYTES: {
		schema: whole(100_000, 500_000_000),
		fallback: '50000000',
		expected: 'a whole number from 100000 to 500000000',
		purpose: 'Largest message taken, in bytes (SMTP SIZE).'
	},
	UNDO_SECONDS: {
		schema: whole(0, 120),
		fallback: '10',
		expected: 'a whole number from 0 to 120',
		purpose: 'How long a letter that was sent can be called back before it leaves, in seconds.'
	},
	LOG_LEVEL: {
		schema: v.picklist(['silent', 'error', 'warn', 'info', 'debug']),
		fallback: 'info',
		expected: 'one of silent, error, warn, info, debug',
		purpose: 'How much is logged. Logs never hold mail text, passwords or tokens.'
	},
	METRICS: {
		schema: v.picklist(['loopback', 'everyone']),
		fallback: 'loopback',
		expected: 'loopback or everyone',
		purpose: 'Who may read `/metrics`: programs on this machine, or everyone who reaches the port.'
	},
	WRITER_THREADS: {
		schema: whole(1, 32),
		fallback: '1',
		expected: 'a whole number from 1 to 32',
		purpose: 'Threads that own the database files.'
	},
	PARSER_THREADS: {
		schema: whole(1, 32),
		fallback: '2',
		expected: 'a whole number from 1 to 32',
		purpose: 'Threads that parse messages, started when there is work and ended after a minute without.'
	}
} satisfies Record<string, Setting<unknown>>;

export type SettingKey = keyof typeof settings;

/** The parsed value of each setting. */
export type Settings = {
	readonly [Key in SettingKey]: (typeof settings)[Key] extends Setting<infer Value> ? Value : never;
};

/** The page `docs/configuration.md`, whole, as Markdown. */
export function configurationPage(): string {
	const head = [
		'# Configuration',
		'',
		'Each setting has one key. It is taken from the environment as `HONGYAN_<key>`, where an empty variable counts as not set; else from a JSON file, one object with the keys below; else it has its default. The file is `hongyan.json` in the folder the server is started from, or the one that `HONGYAN_CONFIG` names. A relative path in the file starts from the file’s folder. A wrong value stops the start with one line that names the key.'
	];
	const sections = Object.entries(settings).map(([key, setting]) => {
		const fallback =
			setting.fallback === null || setting.fallback === '' ? 'not set' : `\`${setting.fallback}\``;
		return [
			'',
			`## ${key}`,
			'',
			setting.purpose,
			'',
			`Default: ${fallback}. Must be ${setting.expected}.`
		].join('\n');
	});
	return [...head, ...sections, ''].join('\n');
}
