import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmtpSink } from '../../e2e/outside/smtp-sink.ts';
import { smarthostAt, type Handover, type HandoverResult } from './smarthost.ts';
import { pieces } from './trial/office.ts';

let sink: SmtpSink;
beforeEach(async () => {
	sink = await SmtpSink.listen();
});
afterEach(() => sink.close());

const raw = 'Subject: x\r\n\r\n.dot\r\nline\r\n';

function hand(given: Partial<Handover> = {}, url = sink.url): Promise<HandoverResult> {
	return smarthostAt({ url, name: 'mx.hongyan.example', patience: 5000 }).hand({
		sender: 'li@hongyan.example',
		recipients: ['a@far.example', 'b@far.example'],
		size: raw.length,
		content: pieces(Buffer.from(raw), 7),
		beforeLastByte: () => Promise.resolve(),
		...given
	});
}

describe('handing a message to the smarthost', () => {
	it('[Q13] sends it once for all recipients, byte for byte', async () => {
		const result = await hand();
		expect(result).toMatchObject({
			kind: 'answered',
			answers: [
				{ kind: 'taken', recipient: 'a@far.example' },
				{ kind: 'taken', recipient: 'b@far.example' }
			]
		});
		expect(sink.letters).toMatchObject([
			{ from: 'li@hongyan.example', to: ['a@far.example', 'b@far.example'], text: raw }
		]);
	});

	it.each([true, false])(
		'[Q13] tells what was said to each recipient (pipelining hidden: %s)',
		async (hidePipelining) => {
			await sink.close();
			sink = await SmtpSink.listen({ hidePipelining });
			sink.judge = (address) => (address.startsWith('b') ? { code: 550, text: '5.1.1 nobody' } : 'take');
			expect(await hand()).toMatchObject({
				kind: 'answered',
				answers: [
					{ kind: 'taken' },
					{ kind: 'refused', permanent: true, status: '5.1.1', detail: '550 5.1.1 nobody' }
				]
			});
			expect(sink.letters[0]?.to).toEqual(['a@far.example']);
		}
	);

	it('[Q13] tells what was said where every recipient was refused, each for itself', async () => {
		sink.judge = (address) => ({ code: address.startsWith('b') ? 550 : 450, text: 'no' });
		expect(await hand()).toMatchObject({
			kind: 'answered',
			answers: [
				{ kind: 'refused', permanent: false },
				{ kind: 'refused', permanent: true }
			]
		});
	});

	it.each([
		[451, false],
		[554, true]
	])('[Q17] takes %i after DATA for an answer', async (code, permanent) => {
		sink.answer = () => ({ code, text: 'no' });
		expect(await hand()).toMatchObject({ kind: 'answered', answers: [{ permanent }, { permanent }] });
	});

	it('[Q16] says that the last byte left where no answer came to it', async () => {
		sink.answer = () => 'vanish';
		expect(await hand()).toMatchObject({ kind: 'broken', lastByteLeft: true });
		expect(sink.seen).toHaveLength(1);
	});

	it('[Q15] keeps the last bytes back until it may let them go', async () => {
		const { promise, resolve } = Promise.withResolvers<null>();
		const reached = Promise.withResolvers<null>();
		const result = hand({
			beforeLastByte: () => {
				reached.resolve(null);
				return promise.then(() => undefined);
			}
		});
		await reached.promise;
		expect(sink.seen).toEqual([]);
		resolve(null);
		expect(await result).toMatchObject({ kind: 'answered' });
		expect(sink.letters[0]?.text).toBe(raw);
	});

	it.each([raw, 'x'])('[Q15] never ends the message where it may not', async (text) => {
		const refused = () => Promise.reject(new Error('the disk is full'));
		const result = await hand({ content: pieces(Buffer.from(text)), beforeLastByte: refused });
		expect(result).toMatchObject({ kind: 'broken', lastByteLeft: false });
		await sink.close();
		expect(sink.seen).toEqual([]);
		sink = await SmtpSink.listen();
	});

	it('[Q16] says that no byte left where nobody listens, or the content can not be read', async () => {
		const closed = await SmtpSink.listen();
		const { url } = closed;
		await closed.close();
		expect(await hand({}, url)).toMatchObject({ kind: 'broken', lastByteLeft: false });
		const unreadable = (async function* () {
			yield Buffer.from('Subject: x\r\n');
			throw new Error('the disk is gone');
		})();
		expect(await hand({ content: unreadable })).toMatchObject({ kind: 'broken', lastByteLeft: false });
		expect(sink.seen).toEqual([]);
	});

	it('[Q14] takes a greeting that refuses for a broken connection', async () => {
		const server = createServer((socket) => socket.end('554 go away\r\n')).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		expect(await hand({}, new URL(`smtp://127.0.0.1:${port}`))).toMatchObject({
			kind: 'broken',
			lastByteLeft: false,
			notReached: 'EPROTOCOL 554'
		});
		server.close();
	});

	it('[Q14] says no to what the smarthost says is too large', async () => {
		await sink.close();
		const server = createServer((socket) => {
			socket.write('220 x\r\n');
			socket.on('data', () => socket.write('250-x\r\n250 SIZE 10\r\n'));
			socket.on('error', () => undefined);
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		expect(await hand({ size: 1000 }, new URL(`smtp://127.0.0.1:${port}`))).toMatchObject({
			kind: 'answered',
			answers: [{ kind: 'refused', permanent: true, status: '5.3.4' }, {}]
		});
		server.close();
		sink = await SmtpSink.listen();
	});

	it('[Q14] breaks off when it is told to', async () => {
		const reached = Promise.withResolvers<null>();
		const smarthost = smarthostAt({ url: sink.url, name: 'mx.hongyan.example' });
		sink.answer = () => {
			reached.resolve(null);
			return new Promise(() => undefined);
		};
		const result = smarthost.hand({
			sender: '',
			recipients: ['a@far.example'],
			size: raw.length,
			content: pieces(Buffer.from(raw)),
			beforeLastByte: () => Promise.resolve()
		});
		await reached.promise;
		smarthost.abort();
		expect(await result).toMatchObject({ kind: 'broken', lastByteLeft: true });
	});
});
