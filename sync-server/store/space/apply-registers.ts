import { encodeValue } from '#schema/docs/registers.ts';
import type { Ranges } from '#schema/docs/ranges.ts';
import type { RegisterChange } from '#schema/space/entry.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import { StoreError } from '../store-error.ts';
import { runsOf } from './apply-messages.ts';
import { bitOf, messageStateOf, numberOfField } from './message-fields.ts';

/**
 * Merging is `compareRegisters` in SQL. Devices are ASCII, so their order by bytes is their order by UTF-16;
 * no two writes have one stamp ([S14]), so the comparison never reaches the value.
 */
const laterWins = `SET value = excluded.value, time = excluded.time, counter = excluded.counter, device = excluded.device
	WHERE (excluded.time, excluded.counter, excluded.device) > (time, counter, device)`;

const wonBy = `arrival IN (SELECT won.arrival FROM json_each(?) AS run CROSS JOIN message_register AS won
	ON won.field = ? AND won.arrival >= run.value ->> 0 AND won.arrival < run.value ->> 1
	WHERE won.time = ? AND won.counter = ? AND won.device = ?)`;

const statements = perDatabase(({ $client }) => ({
	messages: $client.prepare(
		`INSERT INTO message_register (field, arrival, value, time, counter, device)
		SELECT ?, message.arrival, ?, ?, ?, ? FROM json_each(?) AS run CROSS JOIN message
			ON message.arrival >= run.value ->> 0 AND message.arrival < run.value ->> 1
		WHERE true
		ON CONFLICT (field, arrival) DO UPDATE ${laterWins}`
	),
	mailbox: $client.prepare(`UPDATE message SET mailbox = ?, changed_seq = ? WHERE ${wonBy}`),
	keyword: $client.prepare(
		`UPDATE message SET keywords = (keywords & ~?) | ?, changed_seq = ? WHERE ${wonBy}`
	),
	subject: $client.prepare(
		`INSERT INTO subject_register (subject, field, value, time, counter, device) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (subject, field) DO UPDATE ${laterWins}`
	)
}));

function applyToMessages(database: Database, seq: number, arrivals: Ranges, change: RegisterChange): void {
	const number = numberOfField(change.field);
	const state = messageStateOf(change.field, change.value);
	if (number === null || state === null)
		throw new StoreError('broken', 'an entry has a register of no message');
	const { messages, mailbox, keyword } = statements(database);
	const { time, counter, device } = change.stamp;
	const runs = runsOf(arrivals);
	messages.run(number, encodeValue(change.value), time, counter, device, runs);
	const won = [seq, runs, number, time, counter, device];
	if (state.kind === 'mailbox') {
		mailbox.run(state.mailbox, ...won);
	} else {
		const bit = bitOf(state.keyword);
		keyword.run(bit, state.isSet ? bit : 0, ...won);
	}
}

/** Merges one value under one stamp into the registers of its targets, however many: three statements. */
export function applyRegisters(database: Database, seq: number, change: RegisterChange): void {
	switch (change.target.kind) {
		case 'messages':
			return applyToMessages(database, seq, change.target.arrivals, change);
		case 'subject': {
			const { time, counter, device } = change.stamp;
			const value = encodeValue(change.value);
			statements(database).subject.run(change.target.subject, change.field, value, time, counter, device);
		}
	}
}
