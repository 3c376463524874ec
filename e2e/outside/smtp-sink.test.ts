import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendLetter } from './send.ts';
import { SmtpSink } from './smtp-sink.ts';

const raw = [
	'Subject: =?UTF-8?B?6bi/6ZuB?=',
	'',
	'.a line that begins with a dot',
	'..two',
	'é 鸿雁',
	''
].join('\r\n');

describe('the outside mail server of the lab', () => {
	let sink: SmtpSink;

	beforeEach(async () => {
		sink = await SmtpSink.listen();
	});

	afterEach(async () => {
		await sink.close();
	});

	it('keeps envelope and bytes as they were sent', async () => {
		const result = await sendLetter(sink.port, {
			from: 'a@inside.test',
			to: ['b@outside.test', 'c@outside.test'],
			raw
		});
		expect(result.accepted).toEqual(['b@outside.test', 'c@outside.test']);
		expect(sink.letters).toMatchObject([
			{ from: 'a@inside.test', to: ['b@outside.test', 'c@outside.test'], raw: Buffer.from(raw) }
		]);
	});

	it('gives a letter to those who waited for it before it came', async () => {
		const coming = sink.letter(({ to }) => to.includes('b@outside.test'));
		await sendLetter(sink.port, { from: '', to: ['a@outside.test'], raw });
		await sendLetter(sink.port, { from: '', to: ['b@outside.test'], raw });
		expect((await coming).to).toEqual(['b@outside.test']);
		expect((await sink.letter(({ to }) => to.includes('a@outside.test'))).from).toBe('');
	});

	it('refuses the recipients it is told to', async () => {
		sink.judge = (recipient) =>
			recipient === 'full@outside.test' ? { code: 452, text: 'Mailbox full' } : 'take';
		const result = await sendLetter(sink.port, {
			from: 'a@inside.test',
			to: ['full@outside.test', 'b@outside.test'],
			raw
		});
		expect(result.rejected).toEqual(['full@outside.test']);
		expect(sink.letters.map(({ to }) => to)).toEqual([['b@outside.test']]);
		await expect(
			sendLetter(sink.port, { from: 'a@inside.test', to: ['full@outside.test'], raw })
		).rejects.toMatchObject({ responseCode: 452 });
	});

	it('says what it has seen when a letter does not come', async () => {
		await sendLetter(sink.port, { from: 'a@inside.test', to: ['b@outside.test'], raw });
		await expect(sink.letter(() => false, 1)).rejects.toThrow('a@inside.test -> b@outside.test');
	});
});
