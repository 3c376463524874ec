import { eachInRanges, rangesOf, unionOfRanges, type Ranges } from '#schema/docs/ranges.ts';
import type { Register } from '#schema/docs/registers.ts';
import type { MailboxId } from '#schema/ids.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { Change, RegisterChange } from '#schema/space/entry.ts';
import { blockOf, blockSize, flagBits, keywordFlags } from '../state/column-block.ts';
import { writeColumns } from '../state/message-columns.ts';
import { packSize } from '../storage/stores.ts';
import type { Needs, Alteration } from './alteration.ts';

/** Joins of threads that are remembered when nothing is missing any more. */
const rememberedJoins = 1000;

/** What has to be read before these changes can be applied. */
export function needsOf(changes: Iterable<Change>): Needs {
	const registers = new Set<number>();
	const packs = new Set<number>();
	for (const change of changes) {
		switch (change.kind) {
			case 'arrived':
				registers.add(blockOf(change.message.arrival));
				packs.add(Math.floor(change.message.arrival / packSize));
				break;
			case 'withdrawn':
				eachInRanges(change.arrivals, (arrival) => packs.add(Math.floor(arrival / packSize)));
				break;
			case 'registers':
				if (change.target.kind === 'messages') {
					eachInRanges(change.target.arrivals, (arrival) => registers.add(blockOf(arrival)));
				}
				break;
			case 'joined':
			case 'restored':
			case 'submission':
			case 'delivery':
			case 'text':
				break;
		}
	}
	return { registers, packs };
}

/** Applies one change of the log. Applying it again, later, changes nothing more. */
export function applyChange(alteration: Alteration, change: Change): void {
	switch (change.kind) {
		case 'arrived':
			return applyMessage(alteration, change.message);
		case 'joined':
			return applyJoin(alteration, change.into, change.from);
		case 'withdrawn':
			return applyWithdrawal(alteration, change.arrivals);
		case 'restored':
			return applyRestoration(alteration, change.arrivals);
		case 'registers':
			return applyRegisters(alteration, change);
		case 'text':
			alteration.texts.push({ document: change.document, update: new Uint8Array(change.update) });
			return;
		case 'submission':
			alteration.submissions.push(change.submission);
			return;
		case 'delivery':
			alteration.deliveries.push(change.delivery);
			return;
	}
}

/** Lays a message's fact into its columns and pack: its defaults, then the registers known of it. */
export function applyMessage(alteration: Alteration, message: MessageFact): void {
	const { arrival } = message;
	const columns = alteration.columnsOf(arrival);
	const place = arrival % blockSize;
	if (((columns.flags[place] ?? 0) & (flagBits.held | flagBits.withdrawn)) !== 0) return;
	const attachments = message.summary.attachments > 0 ? flagBits.attachments : 0;
	columns.dates[place] = Math.floor(message.receivedAt / 1000);
	columns.threads[place] = alteration.threadNow(message.thread);
	columns.mailboxes[place] = alteration.mailboxNumber(message.mailbox);
	columns.flags[place] = keywordFlags(message.keywords) | attachments | flagBits.held;
	const registers = alteration.registersOf(arrival);
	for (const field of registers.fields) {
		const register = registers.get(place, field);
		if (register !== undefined) layRegister(alteration, arrival, field, register);
	}
	alteration.packOf(arrival).set(arrival, message);
}

function layRegister(alteration: Alteration, arrival: number, field: string, { value }: Register): void {
	if (field === 'mailbox' && typeof value === 'string') alteration.mailboxNumber(value as MailboxId);
	const place = arrival % blockSize;
	writeColumns(alteration.columnsOf(arrival), [place, place + 1], { field, value }, alteration.dictionary);
}

/** Merges a register into that field of these messages; their columns follow where it won. */
export function applyMessageRegister(
	alteration: Alteration,
	arrivals: Ranges,
	field: string,
	register: Register
): void {
	alteration.see(register.stamp);
	eachInRanges(arrivals, (arrival) => {
		const registers = alteration.registersOf(arrival);
		if (!registers.merge(arrival % blockSize, field, register)) return;
		alteration.touchedRegisters.add(registers.block);
		layRegister(alteration, arrival, field, register);
	});
}

/** Merges what one write of registers wrote. */
function applyRegisters(
	alteration: Alteration,
	{ target, field, value, stamp }: Omit<RegisterChange, 'kind'>
): void {
	if (target.kind === 'messages') {
		applyMessageRegister(alteration, target.arrivals, field, { value, stamp });
		return;
	}
	alteration.see(stamp);
	alteration.mergeSubject(target.subject, field, { value, stamp });
}

function applyJoin(alteration: Alteration, into: number, from: readonly number[]): void {
	const joined = new Set(from);
	const joins = [...alteration.joins, ...from.map((thread) => [thread, into] as const)];
	// Once everything is here, only what was restored lately may still come under an earlier name.
	const isComplete = alteration.backfill?.missing.length === 0;
	alteration.joins = isComplete ? joins.slice(-rememberedJoins) : joins;
	const hit = [...alteration.everyBlock()].filter(([, { threads }]) =>
		threads.some((thread) => joined.has(thread))
	);
	for (const [number] of hit) {
		const { threads } = alteration.block(number);
		threads.forEach((thread, place) => {
			if (joined.has(thread)) threads[place] = into;
		});
	}
}

function applyWithdrawal(alteration: Alteration, arrivals: Ranges): void {
	eachInRanges(arrivals, (arrival) => {
		const { flags } = alteration.columnsOf(arrival);
		flags[arrival % blockSize] = (flags[arrival % blockSize] ?? 0) | flagBits.withdrawn;
		alteration.packOf(arrival).delete(arrival);
		alteration.emptied.push(arrival);
	});
}

/** The fact was deleted here when it was withdrawn, so a restored message is downloaded once more. */
function applyRestoration(alteration: Alteration, arrivals: Ranges): void {
	const restored: number[] = [];
	eachInRanges(arrivals, (arrival) => {
		const { flags } = alteration.columnsOf(arrival);
		if (((flags[arrival % blockSize] ?? 0) & flagBits.withdrawn) === 0) return;
		flags[arrival % blockSize] = 0;
		restored.push(arrival);
	});
	const { backfill } = alteration;
	if (backfill === undefined || restored.length === 0) return;
	alteration.backfill = { ...backfill, missing: unionOfRanges(backfill.missing, rangesOf(restored)) };
}
