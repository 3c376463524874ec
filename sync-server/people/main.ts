/**
 * `npm run people -- add`: adds people to the organisation. Reads one JSON object per line from standard input:
 * `{"address": "lin@example.org", "name": "林予安", "password": "…", "department": null, "title": ""}`, the last
 * two of which may be left out. Who is there already is named and left as they are. The server must be stopped:
 * one process owns a data folder.
 */
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { domainOf, isAddress } from '#schema/mail/address.ts';
import { createDirectory, type Directory, type MakeSpace } from '../accounts/directory.ts';
import { ConfigurationError, readConfiguration } from '../config.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import { StoreError } from '../store/store-error.ts';
import { openStore, type Store } from '../store/store.ts';

const shortestPassword = 8;

const personLine = v.object({
	address: v.pipe(v.string(), v.check(isAddress, 'address must be an address')),
	name: v.pipe(v.string(), v.trim(), v.minLength(1, 'name must not be empty'), v.maxLength(120)),
	password: v.pipe(
		v.string(),
		v.minLength(shortestPassword, `password must have ${shortestPassword} characters or more`),
		v.maxLength(1000)
	),
	department: v.optional(v.nullable(v.string()), null),
	title: v.optional(v.pipe(v.string(), v.maxLength(120)), '')
});

/** What stops the command, in one line. */
class CommandError extends Error {}

function parsePerson(line: string, number: number): v.InferOutput<typeof personLine> {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		// The text may hold a password, so it is not repeated.
		throw new CommandError(`line ${number} is not a JSON object`);
	}
	const parsed = v.safeParse(personLine, value);
	if (!parsed.success) throw new CommandError(`line ${number}: ${parsed.issues[0].message}`);
	return parsed.output;
}

function spaceMaker(store: Store): MakeSpace {
	return async ({ space, principal, organisation }) => {
		await store
			.file<SpaceKind>('space', spacePath(space))
			.call('create', { space, principal, organisation: organisation.id, spaceKind: 'mailbox' });
	};
}

async function addPeople(store: Store, directory: Directory): Promise<void> {
	const domains = (await directory.organisation())?.domains ?? [];
	let number = 0;
	for await (const line of createInterface({ input: process.stdin })) {
		number += 1;
		if (line.trim() === '') continue;
		const { address, ...person } = parsePerson(line, number);
		if (!domains.includes(domainOf(address))) {
			throw new CommandError(`line ${number}: the address must be in ${domains.join(' or ')}`);
		}
		const identity = { name: person.name, address };
		const taken = await directory.addPerson({ ...person, identities: [identity] }, spaceMaker(store));
		process.stdout.write(taken.length === 0 ? `added ${address}\n` : `${address} is there already\n`);
	}
}

async function main(): Promise<void> {
	if (process.argv[2] !== 'add') throw new CommandError('use: npm run people -- add < people.jsonl');
	const configuration = readConfiguration();
	const store = openStore({
		directory: configuration.data,
		writer: new URL('../writer.ts', import.meta.url)
	});
	const directory = createDirectory(store, {
		clock: Date.now,
		random: (length) => crypto.getRandomValues(new Uint8Array(length))
	});
	try {
		const { name, domain } = configuration.organisation;
		await directory.found(name, [domain]);
		await addPeople(store, directory);
	} finally {
		directory.close();
		await store.close();
	}
}

try {
	await main();
} catch (error) {
	const isExpected =
		error instanceof CommandError || error instanceof ConfigurationError || error instanceof StoreError;
	process.stderr.write(isExpected ? `${error.message}\n` : `${String(error)}\n`);
	process.exitCode = 1;
}
