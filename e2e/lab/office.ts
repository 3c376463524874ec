import { LabServer, type LabServerOptions } from './server.ts';
import { openProtocolDevice, type ProtocolDevice } from './device.ts';
import { composeLetter, type LetterText } from './compose.ts';
import { addPeople, type Person } from './people.ts';
import { sendLetter } from './send.ts';
import { SmtpSink } from './smtp-sink.ts';

/** So many people are taken on at a time: it needs the server stopped. */
const intake = 40;

/** So many people one test may want. */
const perTest = 4;

const names = [
	'周岚',
	'Mia Hoffmann',
	'陈伯远',
	'Jonas Weber',
	'许知行',
	'Priya Nair',
	'沈若溪',
	'Tom Becker'
];

function nthPerson(number: number): Person {
	const name = names[number % names.length] ?? '';
	return { name, address: `person${number}@hongyan.example`, password: `a long enough password ${number}` };
}

/**
 * A company with one server, one mail server of the outside world, and people who have nothing in their
 * mailboxes yet. Tests share it: each takes new people, and addresses outside that no other test uses.
 */
export class Office {
	readonly server: LabServer;
	/** The outside world: where the server's letters to strangers arrive. */
	readonly sink: SmtpSink;
	#staff = 0;
	#taken = 0;
	readonly #mailboxes = new Map<string, Promise<ProtocolDevice>>();

	private constructor(server: LabServer, sink: SmtpSink) {
		this.server = server;
		this.sink = sink;
	}

	/** An office whose server is running. `close` it in the end. */
	static async open(options: LabServerOptions = {}): Promise<Office> {
		const sink = await SmtpSink.listen();
		const server = await LabServer.start({ demo: false, smarthost: sink.address, ...options });
		const office = new Office(server, sink);
		await office.prepare();
		return office;
	}

	/** Before a test: the server is running, the outside world takes every letter, and there are new people. */
	async prepare(): Promise<void> {
		this.sink.judge = () => 'take';
		this.sink.breaksAfter = () => false;
		if (this.#staff - this.#taken < perTest) {
			await this.server.stop();
			const people = Array.from({ length: intake }, (_, number) => nthPerson(this.#staff + number));
			await addPeople(this.server, people);
			this.#staff += intake;
		}
		await this.server.start();
	}

	/** Somebody whom no test has met. */
	newPerson(): Person {
		if (this.#taken === this.#staff) throw new Error(`A test may want ${perTest} people.`);
		this.#taken += 1;
		return nthPerson(this.#taken - 1);
	}

	/** An address outside the company that nobody has written to. */
	newStranger(): string {
		return `stranger-${crypto.randomUUID().slice(0, 8)}@outside.example`;
	}

	/** Somebody outside writes to a person; the letters are sent by SMTP, one after the other. */
	async receive(
		person: Person,
		...letters: readonly (Partial<LetterText> & { subject: string })[]
	): Promise<void> {
		for (const letter of letters) {
			const raw = await composeLetter({
				from: 'Lin Wei <lin.wei@outside.example>',
				to: person.address,
				text: `About ${letter.subject}.`,
				...letter
			});
			await this.receiveRaw(person, raw);
		}
	}

	/** The server receives these bytes for a person by SMTP; resolves when they lie in the mailbox. */
	async receiveRaw(person: Person, raw: Uint8Array): Promise<void> {
		const mailbox = await this.mailboxOf(person);
		const { arrivals } = await mailbox.opening();
		const from = 'lin.wei@outside.example';
		await sendLetter(this.server.ports.smtp, { from, to: [person.address], raw });
		while ((await mailbox.opening()).arrivals === arrivals)
			await new Promise((resolve) => setTimeout(resolve, 10));
	}

	/** A person's mailbox on the server, as a device of theirs without a screen sees it. */
	mailboxOf({ address, password }: Person): Promise<ProtocolDevice> {
		const known = this.#mailboxes.get(address);
		if (known !== undefined) return known;
		const opening = openProtocolDevice(this.server.address, address, password);
		this.#mailboxes.set(address, opening);
		return opening;
	}

	/** Asks the server, with these cookies, who is signed in; not from a browser. */
	askWhoIs(cookie: string): Promise<Response> {
		return fetch(`${this.server.address}/api/session`, { headers: { cookie } });
	}

	/** Ends the session of these cookies on the server, behind the browser's back. */
	async endSession(cookie: string): Promise<void> {
		const { address } = this.server;
		const answer = await fetch(`${address}/api/session`, {
			method: 'DELETE',
			headers: { cookie, origin: address }
		});
		if (!answer.ok) throw new Error(`The session was not ended: ${answer.status}`);
	}

	async close(): Promise<void> {
		await this.server.dispose();
		await this.sink.close();
	}
}
