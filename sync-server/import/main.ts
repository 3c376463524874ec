/**
 * `npm run import -- --user ADDRESS PATH`: imports an mbox file, a Maildir, an `.eml` file or a folder of them into
 * somebody's mailbox. Run again it skips what is there. The server must be stopped: one process owns a data folder.
 */
import { readdir, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { canonicalAddress } from '#schema/mail/address.ts';
import { readConfiguration, type Configuration } from '../config.ts';
import { openCore, type Core } from '../core.ts';
import { createParserPool } from '../mail/parser-pool.ts';
import { CommandError, complaintOf } from './complaint.ts';
import { emlFolderSource, emlSource } from './eml-folder.ts';
import { importMessages, type ImportProgress } from './importing.ts';
import { isMaildir, maildirSource } from './maildir.ts';
import { mboxSource } from './mbox.ts';
import { causeOf, type MessageSource } from './source.ts';

const usage = 'use: npm run import -- --user ADDRESS PATH';

function readArguments(): { readonly user: string; readonly path: string } {
	try {
		const { values, positionals } = parseArgs({
			options: { user: { type: 'string' } },
			allowPositionals: true
		});
		const [path] = positionals;
		if (values.user !== undefined && path !== undefined && positionals.length === 1) {
			return { user: values.user, path };
		}
	} catch (error) {
		// What parseArgs says of an unknown option is no more help than the usage.
		if (!(error instanceof TypeError)) throw error;
	}
	throw new CommandError(usage);
}

/** @throws CommandError where there is nothing at the path, or it can't be looked at */
async function sourceAt(path: string): Promise<MessageSource> {
	const found = await stat(path).catch((error: unknown) => {
		const cause = causeOf(error);
		const isMissing = cause === 'ENOENT' || cause === 'ENOTDIR';
		throw new CommandError(isMissing ? `there is no ${path}` : `${path} can’t be read: ${cause}`);
	});
	if (found.isDirectory())
		return isMaildir(await readdir(path)) ? maildirSource(path) : emlFolderSource(path);
	return path.toLowerCase().endsWith('.eml') ? emlSource(path) : mboxSource(path);
}

/** Says how far it is: on a terminal in one line, else a line for each thousand. */
function reporter(total: number | null): (progress: ImportProgress) => void {
	const isTerminal = process.stdout.isTTY;
	const start = performance.now();
	let said = 0;
	return ({ imported, known, failed }) => {
		const done = imported + known + failed.length;
		if (!isTerminal && done - said < 1000) return;
		said = done;
		const rate = Math.round((done * 1000) / (performance.now() - start));
		const line = `${done}${total === null ? '' : ` of ${total}`}, ${rate} a second`;
		process.stdout.write(isTerminal ? `\r${line}\u001b[K` : `${line}\n`);
	};
}

function report({ imported, known, failed }: ImportProgress, total: number | null): void {
	if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
	process.stdout.write(`imported ${imported}, ${known} were there already\n`);
	for (const one of failed.slice(0, 20)) {
		const why = one.reason === 'unreadable' ? `${one.reason} (${one.cause})` : one.reason;
		process.stdout.write(`left out, ${why}: ${one.origin}\n`);
	}
	if (failed.length > 20) process.stdout.write(`and ${failed.length - 20} more were left out\n`);
	if (imported + known + failed.length === 0)
		process.stdout.write(`no message was found${total === 0 ? '' : ' in it'}\n`);
}

async function run(
	core: Core,
	configuration: Configuration,
	user: string,
	source: MessageSource
): Promise<void> {
	const address = canonicalAddress(user);
	const owner = await core.directory.resolveRecipient(address);
	if (owner.kind !== 'inside') throw new CommandError(`${user} is nobody’s address here`);
	const parser = createParserPool({ workers: configuration.threads.parsers });
	try {
		const target = {
			space: owner.space,
			address,
			maxBytes: configuration.limits.messageBytes,
			now: Date.now()
		};
		report(await importMessages(core, parser, source, target, reporter(source.total)), source.total);
	} finally {
		await parser.close();
	}
}

async function main(): Promise<void> {
	const { user, path } = readArguments();
	const configuration = readConfiguration();
	const source = await sourceAt(path);
	const core = await openCore(configuration);
	try {
		await run(core, configuration, user, source);
	} finally {
		await core.close();
	}
}

try {
	await main();
} catch (error) {
	process.stderr.write(`${complaintOf(error)}\n`);
	process.exitCode = 1;
}
