import { rangesOf, withoutBetween, type Ranges } from '#schema/docs/ranges.ts';
import type { MailboxId } from '#schema/ids.ts';
import type { Pack } from '#schema/space/entry.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { blockOf, flagBits, keywordBit, keywordFlags } from '../state/column-block.ts';
import type { MailboxDictionary } from '../state/mailbox-dictionary.ts';
import { addCounters, Tally } from '../state/tally.ts';
import { packSize } from '../storage/stores.ts';
import { applyMessage, applyMessageRegister } from './apply-change.ts';
import { confirmedStores } from './confirm.ts';
import type { Needs } from './alteration.ts';

function needsOfPack({ from, to }: Pack): Needs {
	const registers = new Set<number>();
	const packs = new Set<number>();
	for (let arrival = from; arrival < to; arrival += 1) {
		registers.add(blockOf(arrival));
		packs.add(Math.floor(arrival / packSize));
	}
	return { registers, packs };
}

/** Totals of the pack's messages as the pack itself shows them, whatever was heard since. */
function countersOf({ messages, registers }: Pack, dictionary: MailboxDictionary) {
	const shown = new Map<number, { flags: number; mailbox: MailboxId }>();
	for (const { arrival, keywords, mailbox } of messages) {
		shown.set(arrival, { flags: keywordFlags(keywords) | flagBits.held, mailbox });
	}
	for (const { arrival, field, value } of registers) {
		const state = shown.get(arrival);
		if (state === undefined) continue;
		if (field === 'mailbox' && typeof value === 'string') state.mailbox = value as MailboxId;
		else state.flags = value === true ? state.flags | keywordBit(field) : state.flags & ~keywordBit(field);
	}
	const tally = new Tally(dictionary);
	for (const { flags, mailbox } of shown.values()) tally.add(flags, dictionary.numberOf(mailbox) ?? 0);
	return tally.counters();
}

/** What is missing once the pack is stored. One true before a message was restored may lack it: only what it holds has come. */
function missingAfter(missing: Ranges, { messages, from, to }: Pack, isBehind: boolean): Ranges {
	if (!isBehind) return withoutBetween(missing, from, to);
	const come = rangesOf(messages.map(({ arrival }) => arrival));
	let left = missing;
	for (let index = 0; index < come.length; index += 2) {
		const start = come[index] ?? 0;
		left = withoutBetween(left, start, start + (come[index + 1] ?? 0));
	}
	return left;
}

/**
 * Stores a pack under the tail that was applied meanwhile: withdrawals heard of win, registers merge by
 * stamp. False: it belongs to another generation of the space, or was true before a stretch of the log that was never
 * heard; nothing was done.
 */
export async function receivePack(core: ReplicaCore, pack: Pack): Promise<boolean> {
	return core.confirm({
		stores: confirmedStores,
		needs: needsOfPack(pack),
		apply(alteration, _transaction, { cursor }) {
			const { backfill } = alteration;
			if (cursor.generation !== pack.cursor.generation || backfill === undefined) return null;
			if (pack.cursor.seq < (backfill.caughtUpAt ?? 0)) return null;
			for (const { arrival, field, value, stamp } of pack.registers) {
				applyMessageRegister(alteration, [arrival, 1], field, { value, stamp });
			}
			for (const message of pack.messages) applyMessage(alteration, message);
			alteration.backfill = {
				...backfill,
				missing: missingAfter(backfill.missing, pack, pack.cursor.seq < (backfill.restoredAt ?? 0)),
				counted: addCounters(backfill.counted, countersOf(pack, alteration.dictionary))
			};
			return {};
		}
	});
}
