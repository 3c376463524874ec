import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** Fields that may hold a secret or the text of a letter; whoever logs them by mistake logs a mark. */
const secret = [
	'password',
	'passwordHash',
	'token',
	'cookie',
	'authorization',
	'set-cookie',
	'subject',
	'snippet',
	'text',
	'html',
	'body',
	'bytes',
	'update',
	'letter',
	'message',
	'content'
];

/** One level down and two: what a request, an error's cause or a frame commonly nests. */
const redactedPaths = secret.flatMap((field) =>
	['', '*.', '*.*.'].map((nesting) =>
		`${nesting}${field.includes('-') ? `["${field}"]` : field}`.replace('.[', '[')
	)
);

interface LoggedError {
	readonly type: string;
	readonly code: string | undefined;
	readonly detail: string;
	readonly stack: string | undefined;
}

/** An error as it is logged: its first line, cut, since a library may quote its input in it. */
function loggedError(error: unknown): LoggedError {
	if (!(error instanceof Error)) return { type: typeof error, code: undefined, detail: '', stack: undefined };
	const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
	return {
		type: error.name,
		code,
		detail: error.message.split('\n', 1)[0]?.slice(0, 300) ?? '',
		stack: frames?.slice(0, 12).join('\n')
	};
}

/**
 * The server's log: one JSON object a line, on standard output unless told otherwise. Mail text, passwords
 * and tokens are never given to it; the redaction is a second lock on that door.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
	const options = {
		level,
		base: null,
		timestamp: () => `,"time":"${new Date().toISOString()}"`,
		formatters: { level: (label: string) => ({ level: label }) },
		messageKey: 'event',
		redact: { paths: redactedPaths, censor: '[redacted]' },
		serializers: { err: loggedError, error: loggedError }
	};
	return destination === undefined ? pino(options) : pino(options, destination);
}
