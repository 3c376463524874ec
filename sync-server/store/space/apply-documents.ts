import * as Y from 'yjs';
import type { DocumentId } from '#schema/ids.ts';
import { documents, documentUpdates } from '#schema/tables/space.ts';
import { eq, sql, type Database } from '../drizzle.ts';

/** When the updates since the last snapshot are folded into a new one: their number, or their bytes. */
const compaction = { updates: 64, bytes: 16 * 1024 };

/**
 * The state of a text document from its snapshot and the updates since. What was deleted goes; where an update
 * can be read but not integrated, all are kept side by side instead, so that nothing of the others is lost.
 */
function stateOf(parts: readonly Uint8Array[]): Uint8Array {
	const document = new Y.Doc();
	try {
		return areIntegrated(document, parts) ? Y.encodeStateAsUpdate(document) : Y.mergeUpdates([...parts]);
	} finally {
		document.destroy();
	}
}

/** Integrates updates into a document; false, and the document is of no use, where one can't be. */
function areIntegrated(document: Y.Doc, parts: readonly Uint8Array[]): boolean {
	try {
		document.transact(() => {
			for (const part of parts) Y.applyUpdate(document, part);
		});
		return true;
	} catch {
		// Yjs has no error for this, it stumbles where it happens to be. What can't even be read does not get lost
		// here: merging reads every update as well, and throws.
		return false;
	}
}

function partsOf(database: Database, id: DocumentId, snapshot: Uint8Array | null): Uint8Array[] {
	const updates = database
		.select({ bytes: documentUpdates.bytes })
		.from(documentUpdates)
		.where(eq(documentUpdates.document, id))
		.orderBy(documentUpdates.number)
		.all();
	return [...(snapshot === null ? [] : [snapshot]), ...updates.map(({ bytes }) => bytes)];
}

/** The whole state of a document; undefined where there is none. */
export function documentState(database: Database, id: DocumentId): Uint8Array | undefined {
	const row = database
		.select({ snapshot: documents.snapshot })
		.from(documents)
		.where(eq(documents.id, id))
		.get();
	return row === undefined ? undefined : stateOf(partsOf(database, id, row.snapshot));
}

/** Adds an update to its document; every so often folds the updates into a snapshot. */
export function applyText(database: Database, seq: number, id: DocumentId, update: Uint8Array): void {
	const row = database.select().from(documents).where(eq(documents.id, id)).get();
	const number = row?.pendingUpdates ?? 0;
	database
		.insert(documentUpdates)
		.values({ document: id, number, bytes: Buffer.from(update) })
		.run();
	const pendingUpdates = number + 1;
	const pendingBytes = (row?.pendingBytes ?? 0) + update.byteLength;
	if (pendingUpdates < compaction.updates && pendingBytes < compaction.bytes) {
		const pending = { lastSeq: seq, pendingUpdates, pendingBytes };
		database
			.insert(documents)
			.values({ id, snapshot: null, snapshotSeq: 0, ...pending })
			.onConflictDoUpdate({ target: documents.id, set: pending })
			.run();
		return;
	}
	const snapshot = Buffer.from(stateOf(partsOf(database, id, row?.snapshot ?? null)));
	const compacted = { snapshot, snapshotSeq: seq, lastSeq: seq, pendingUpdates: 0, pendingBytes: 0 };
	database
		.insert(documents)
		.values({ id, ...compacted })
		.onConflictDoUpdate({ target: documents.id, set: compacted })
		.run();
	database.delete(documentUpdates).where(eq(documentUpdates.document, id)).run();
}

/** How many bytes a document takes: its snapshot and the updates since. */
export function documentBytes(database: Database, id: DocumentId): number {
	const row = database
		.select({
			snapshot: sql<number>`coalesce(length(${documents.snapshot}), 0)`,
			pending: documents.pendingBytes
		})
		.from(documents)
		.where(eq(documents.id, id))
		.get();
	return row === undefined ? 0 : row.snapshot + row.pending;
}
