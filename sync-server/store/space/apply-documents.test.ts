import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { DocumentId } from '#schema/ids.ts';
import { connect, type Connection } from '../connection.ts';
import { databaseOver, type Database } from '../drizzle.ts';
import { migrate } from '../migration.ts';
import { applyText, documentState } from './apply-documents.ts';
import { spaceMigrations } from './migrations.ts';

const id = 'document' as DocumentId;
let connection: Connection;
let database: Database;
beforeEach(() => {
	connection = connect(':memory:');
	migrate(connection, spaceMigrations, 0);
	database = databaseOver(connection);
});
afterEach(() => connection.close());

/** An insertion of ` x` that says it stands right of something its own device has still to write. */
const impossible = Uint8Array.of(1, 1, 6, 0, 132, 6, 4, 2, 32, 120, 0);

function hello(): Uint8Array {
	const document = new Y.Doc();
	document.getText('t').insert(0, 'hello');
	return Y.encodeStateAsUpdate(document);
}

it('an update that can be read but not integrated is kept beside the others', () => {
	const update = hello();
	applyText(database, 1, id, update);
	applyText(database, 2, id, impossible);
	expect(documentState(database, id)).toEqual(Y.mergeUpdates([update, impossible]));
});

it('an update that can’t be read is told of, and not passed over', () => {
	applyText(database, 1, id, hello());
	applyText(database, 2, id, Uint8Array.of(1, 255));
	expect(() => documentState(database, id)).toThrow();
});
