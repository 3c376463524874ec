import type { AckedFrame, RefusedFrame } from '#schema/protocol/messages.ts';
import { applyChange, needsOf } from '../log/apply-change.ts';
import { settlingStores } from '../log/confirm.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { readMeta } from '../storage/meta.ts';
import type { Reading, Writing } from '../storage/storage.ts';
import type { InflightRow, SettledChange } from '../storage/stores.ts';
import { laterTime, type StampTime } from './pending-change.ts';
import { keepRefusals } from './refusal.ts';

/** Changes lately confirmed that are remembered by stamp, so that they can be undone. */
const rememberedSettled = 1000;

async function inflightOf(
	transaction: Reading<'meta'>,
	batch: InflightRow['batch']
): Promise<InflightRow | undefined> {
	const inflight = await readMeta(transaction, 'inflight');
	return inflight?.batch === batch ? inflight : undefined;
}

/** A device clock that ran ahead and was set right must not make stamps of the future for ever. */
async function lowerClock(core: ReplicaCore, transaction: Writing<'clock'>, settled: readonly number[]) {
	const gone = new Set(settled);
	if ([...core.memory.pending.keys()].some((key) => !gone.has(key))) return;
	const row = await transaction.get('clock', 'clock');
	const now = core.clock.now();
	if (row !== undefined && row.last.time > now) {
		transaction.put('clock', 'clock', { ...row, last: { time: now, counter: 0 } });
	}
}

/**
 * Takes the server's word that a batch is committed: its changes become confirmed under their final stamps
 * and stop being pending. Changes written since stay over them. An ack of another batch does nothing.
 */
export async function settleAcked(core: ReplicaCore, acked: AckedFrame): Promise<void> {
	const inflight = await core.storage.read(['meta'], (transaction) => inflightOf(transaction, acked.batch));
	if (inflight === undefined) return;
	const given = new Map(acked.stamps.map(({ key, stamp }) => [key, stamp]));
	const final = inflight.changes.map((change) =>
		change.kind === 'registers' ? { ...change, stamp: given.get(change.key) ?? change.stamp } : change
	);
	await core.confirm({
		stores: settlingStores,
		needs: needsOf(final),
		async apply(alteration, transaction, { cursor }) {
			if ((await inflightOf(transaction, acked.batch)) === undefined) return null;
			const settled: SettledChange[] = [];
			let own: StampTime = { time: 0, counter: 0 };
			for (const change of final) {
				// A text's update is here already where its entry came before the ack.
				if (change.kind === 'registers' || acked.seq > cursor.seq) applyChange(alteration, change);
				if (change.kind === 'text') continue;
				own = laterTime(own, change.stamp);
				settled.push({ key: change.key, stamp: change.stamp });
			}
			const rows = inflight.covers.flatMap((cover) => cover.rows);
			const earlier = (await readMeta(transaction, 'settled')) ?? [];
			transaction.put('meta', 'settled', [...earlier, ...settled].slice(-rememberedSettled));
			transaction.delete('meta', 'inflight');
			for (const key of rows) transaction.delete('pending', key);
			await lowerClock(core, transaction, rows);
			return { own, settled: rows };
		}
	});
}

/**
 * Takes the server's refusal of a batch: what stood in the way is dropped and its reason kept for the
 * screen; the rest will go in another batch. Where no change is named, all of them stood in the way.
 */
export async function settleRefused(core: ReplicaCore, refused: RefusedFrame): Promise<void> {
	await core.confirm({
		stores: settlingStores,
		needs: needsOf([]),
		async apply(_alteration, transaction) {
			const inflight = await inflightOf(transaction, refused.batch);
			if (inflight === undefined) return null;
			const named = new Set(refused.keys);
			const inTheWay = inflight.changes.filter(({ key }) => named.size === 0 || named.has(key));
			const rows = inflight.covers.filter(({ key }) => inTheWay.some((change) => change.key === key));
			const settled = rows.flatMap((cover) => cover.rows);
			for (const key of settled) transaction.delete('pending', key);
			transaction.delete('meta', 'inflight');
			await keepRefusals(transaction, inTheWay, refused.code, core.clock.now());
			return { settled };
		}
	});
	core.tellTabs({ kind: 'refusals' });
	core.notices.tell({ kind: 'refusals' });
}

/** Lets go of a batch that was made for a history that is gone; its changes are sent in another one. */
export async function releaseBatch(core: ReplicaCore): Promise<void> {
	await core.storage.write(['meta'], 'relaxed', async (transaction: Writing<'meta'>) => {
		transaction.delete('meta', 'inflight');
	});
}
