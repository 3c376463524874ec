import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMessage, type ParsedMessage } from '../mail/parse.ts';
import type { MessageParser } from './inside.ts';
import { li, Office, wang } from './trial/office.ts';
import { turnPatience } from './turns.ts';

let office: Office;
let parser: HeldParser;
beforeEach(() => {
	parser = new HeldParser();
});
afterEach(async () => {
	parser.endAll();
	await office.close();
});

const letter = (subject: string) => `From: far@outside.example\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
const subjectsOf = async (address: string) => (await office.mailbox(address)).map(({ subject }) => subject);

/** A parser that is done with a message when the test says so. */
class HeldParser implements MessageParser {
	readonly #held = new Map<string, (outcome: 'parsed' | 'failed') => void>();
	#isOver = false;

	parse(message: Uint8Array): Promise<ParsedMessage> {
		const parsed = parseMessage(message);
		if (this.#isOver) return Promise.resolve(parsed);
		return new Promise((resolve, reject) => {
			this.#held.set(parsed.summary.subject, (outcome) =>
				outcome === 'parsed' ? resolve(parsed) : reject(new Error('no worker'))
			);
		});
	}

	/** Whether a message is being parsed. */
	has(subject: string): boolean {
		return this.#held.has(subject);
	}

	end(subject: string, outcome: 'parsed' | 'failed' = 'parsed'): void {
		const end = this.#held.get(subject);
		if (end === undefined) throw new Error(`${subject} is not being parsed`);
		this.#held.delete(subject);
		end(outcome);
	}

	/** Holds nothing from now on. */
	endAll(): void {
		this.#isOver = true;
		for (const end of this.#held.values()) end('parsed');
	}
}

/** Resolves when a space's log has grown. */
function arrival(): Promise<void> {
	return new Promise((resolve) => {
		const stop = office.store.subscribe((event) => {
			if (event.kind !== 'entries') return;
			stop();
			resolve();
		});
	});
}

describe('the order of deliveries', () => {
	it('[Q39] is that of acceptance, whatever is parsed first, and one space does not wait for another', async () => {
		office = await Office.open({ parser });
		for (const subject of ['one', 'two', 'three']) await office.accept(letter(subject), [li]);
		await office.accept(letter('other'), [wang]);
		// All four are being parsed at once.
		for (const subject of ['three', 'two']) parser.end(subject);
		const others = arrival();
		parser.end('other');
		await others;
		expect([await subjectsOf(li), await subjectsOf(wang)]).toEqual([[], ['other']]);
		parser.end('one');
		await office.queue.idle();
		expect(await subjectsOf(li)).toEqual(['one', 'two', 'three']);
	});

	it('[Q39] is kept by messages to many, each with the others of each space', async () => {
		office = await Office.open({ parser });
		await office.accept(letter('both'), [li, wang]);
		await office.accept(letter('li'), [li]);
		await office.accept(letter('again both'), [wang, li]);
		for (const subject of ['again both', 'li', 'both']) parser.end(subject);
		await office.queue.idle();
		expect(await subjectsOf(li)).toEqual(['both', 'li', 'again both']);
		expect(await subjectsOf(wang)).toEqual(['both', 'again both']);
	});

	it('[Q39] is kept over a crash by what came in the same instant', async () => {
		office = await Office.open();
		await office.queue.stop(0);
		const subjects = Array.from({ length: 300 }, (_, number) => `${number}`);
		for (const subject of subjects) await office.accept(letter(subject), [li]);
		await office.crash();
		expect(await subjectsOf(li)).toEqual(subjects);
	});

	it('[Q39] lets nothing be begun before what waits in the queue to be taken', async () => {
		office = await Office.open();
		await office.queue.stop(0);
		await office.accept(letter('one'), [li]);
		const file = office.queueFile();
		const { destination } = await office.recipient(wang);
		const envelopeTo = (id: string) => ({
			endings: [],
			envelope: {
				id: id as never,
				organisation: 'org' as never,
				state: 'active' as const,
				maker: 'machine' as const,
				sender: '',
				submission: null,
				size: 1,
				dataHash: Buffer.alloc(32),
				content: { kind: 'inline' as const, bytes: Buffer.from('x') },
				trace: null,
				deliveries: [{ recipient: wang, destination, guard: null, leased: true }]
			}
		});
		const behind = await file.call('accept', envelopeTo('behind'));
		expect(behind).toMatchObject({ stored: true, leasedInside: false });
		const taking = { lane: 'inside', envelopes: 9, bytes: 1e6 } as const;
		const taken = await file.call('take', taking);
		expect(taken).toHaveLength(2);
		expect(taken[1]).toMatchObject({ id: 'behind', position: behind.position });
		expect(taken[0]?.position).toBeLessThan(behind.position);
		const free = await file.call('accept', envelopeTo('free'));
		expect(free).toMatchObject({ stored: true, leasedInside: true });
		expect(free.position).toBeGreaterThan(behind.position);
		expect(await file.call('take', taking)).toEqual([]);
	});

	it('[Q40] gives way where a delivery failed and waits to be tried again', async () => {
		office = await Office.open({ parser });
		await office.accept(letter('one'), [li]);
		await office.accept(letter('two'), [li]);
		parser.end('two');
		parser.end('one', 'failed');
		await office.queue.idle();
		expect(await subjectsOf(li)).toEqual(['two']);
		office.clock.advance(60_000);
		await expect.poll(() => parser.has('one')).toBe(true);
		parser.end('one');
		await office.queue.idle();
		expect(await subjectsOf(li)).toEqual(['two', 'one']);
	});

	it('[Q40] gives way where a delivery keeps others waiting for too long', async () => {
		office = await Office.open({ parser });
		for (const subject of ['stuck', 'two', 'three']) await office.accept(letter(subject), [li]);
		parser.end('three');
		parser.end('two');
		await new Promise(setImmediate);
		office.clock.advance(turnPatience - 1);
		expect(await subjectsOf(li)).toEqual([]);
		const arrived = arrival();
		office.clock.advance(1);
		await arrived;
		await expect.poll(() => subjectsOf(li)).toEqual(['two', 'three']);
		parser.end('stuck');
		await office.queue.idle();
		expect(await subjectsOf(li)).toEqual(['two', 'three', 'stuck']);
	});
});
