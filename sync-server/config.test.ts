import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfiguration } from './config.ts';
import { configurationPage, settings } from './settings.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-config-'));

function read(environment: Record<string, string>) {
	return readConfiguration({ environment, directory: folder });
}

function complaint(environment: Record<string, string>): string {
	try {
		read(environment);
	} catch (error) {
		if (error instanceof ConfigurationError) return error.message;
		throw error;
	}
	return 'no complaint';
}

function fileWith(name: string, text: string): string {
	const file = path.join(folder, name);
	writeFileSync(file, text);
	return file;
}

describe('configuration', () => {
	it('has a default for everything', () => {
		const configuration = read({});
		expect(configuration).toMatchObject({
			data: path.join(folder, 'data'),
			host: '127.0.0.1',
			ports: { http: 8080, smtp: 2525, submission: 2587, lmtp: 2424 },
			publicUrl: null,
			tls: null,
			smarthost: null,
			demo: null,
			organisation: { domain: 'hongyan.example' },
			postmaster: null,
			limits: { messageBytes: 50_000_000, undoSeconds: 10 },
			unknown: []
		});
	});

	it('takes the environment before the file and the file before the default', () => {
		const file = fileWith(
			'both.json',
			JSON.stringify({ HTTP_PORT: 9000, SMTP_PORT: 9001, DEMO: false, DATA: 'mail' })
		);
		const configuration = read({ HONGYAN_CONFIG: file, HONGYAN_HTTP_PORT: '9999' });
		expect(configuration.ports).toEqual({ http: 9999, smtp: 9001, submission: 2587, lmtp: 2424 });
		expect(configuration.demo).toBe(false);
		expect(configuration.data).toBe(path.join(folder, 'mail'));
	});

	it('reads hongyan.json of the folder where it is there', () => {
		const own = mkdtempSync(path.join(tmpdir(), 'hongyan-config-'));
		writeFileSync(path.join(own, 'hongyan.json'), '{"HOST":"::1"}');
		expect(readConfiguration({ environment: {}, directory: own }).host).toBe('::1');
	});

	it.each([
		['HONGYAN_HTTP_PORT', 'eighty'],
		['HONGYAN_SMTP_PORT', '70000'],
		['HONGYAN_LMTP_PORT', '-1'],
		['HONGYAN_PUBLIC_URL', 'ftp://mail.example'],
		['HONGYAN_PUBLIC_URL', 'https://mail.example/webmail'],
		['HONGYAN_SMARTHOST', 'relay.example:25'],
		['HONGYAN_DEMO', 'yes'],
		['HONGYAN_ORGANISATION_DOMAIN', 'not a domain'],
		['HONGYAN_TRUSTED_PROXIES', '10.0.0.1, proxy'],
		['HONGYAN_LOG_LEVEL', 'loud'],
		['HONGYAN_UNDO_SECONDS', '1e3'],
		['HONGYAN_POSTMASTER', 'postmaster'],
		['HONGYAN_HOST', 'two words']
	])('stops at %s=%s with one line that names it', (key, value) => {
		const line = complaint({ [key]: value });
		expect(line).toMatch(new RegExp(`^${key} must be `));
		expect(line).not.toContain('\n');
	});

	it('never repeats a value, which may be a secret', () => {
		expect(complaint({ HONGYAN_SMARTHOST: 'smtp//user:secret@relay' })).not.toContain('secret');
	});

	it('names the file and the key of a wrong value in the file', () => {
		const file = fileWith('wrong.json', '{"HTTP_PORT": [1]}');
		expect(complaint({ HONGYAN_CONFIG: file })).toContain(`HTTP_PORT in ${file} must be`);
	});

	it('refuses a file that is missing, not JSON, or has a key it may not have', () => {
		expect(complaint({ HONGYAN_CONFIG: 'absent.json' })).toContain('HONGYAN_CONFIG must be the path');
		expect(complaint({ HONGYAN_CONFIG: fileWith('text.json', 'HTTP_PORT=1') })).toContain('one JSON object');
		expect(complaint({ HONGYAN_CONFIG: fileWith('typo.json', '{"HTPP_PORT":1}') })).toMatch(
			/^HTPP_PORT in .* must be one of DATA, /
		);
	});

	it('wants certificate and key together', () => {
		expect(complaint({ HONGYAN_TLS_CERT: 'a.pem' })).toMatch(/^HONGYAN_TLS_KEY /);
		expect(read({ HONGYAN_TLS_CERT: 'a.pem', HONGYAN_TLS_KEY: '/k.pem' }).tls).toEqual({
			certificate: path.join(folder, 'a.pem'),
			key: '/k.pem'
		});
	});

	it('tells of variables that are no setting', () => {
		expect(read({ HONGYAN_HTTPPORT: '1', HONGYAN_CHROMIUM: '/usr/bin/chromium' }).unknown).toEqual([
			'HONGYAN_HTTPPORT'
		]);
	});
});

describe('docs/configuration.md', () => {
	const page = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8');

	it.each(Object.keys(settings))('documents %s', (key) => {
		expect(page).toContain(`\n## ${key}\n`);
	});

	it('is the page the settings make', () => {
		expect(page).toBe(configurationPage());
	});
});
