import { decodeAny } from '#schema/protocol/frames.ts';
import type { CommandBody, CommandResult } from '#schema/protocol/messages.ts';
import { newId, type SpaceId } from '#schema/ids.ts';
import type { Opening, Pack } from '#schema/space/entry.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { Content } from '#schema/mail/summary.ts';
import { followLog, tryCommand, type Access } from './device-socket.ts';
import { until } from './until.ts';

/** How long the server may take to answer a command, restarts included, or to deliver what it took; in ms. */
const patience = 60_000;

/** Where a message lies and how it is marked. */
export interface MessageAsItStands {
	readonly arrival: number;
	readonly subject: string;
	readonly mailbox: string;
	/** Those that are set, in alphabetical order. */
	readonly keywords: readonly string[];
}

/** A signed-in device that speaks the protocol and keeps nothing: for scenarios without a browser. */
export interface ProtocolDevice {
	readonly space: SpaceId;
	readonly cookie: string;
	/** Executes a command; sends it again with the same id over new connections until it is answered. */
	command(body: CommandBody): Promise<CommandResult>;
	/** Every message of the space that packs carry, newest first. */
	messages(): Promise<MessageFact[]>;
	/** Every message as it stands: what it came with, overlaid by what was changed since. Newest first. */
	states(): Promise<MessageAsItStands[]>;
	opening(): Promise<Opening>;
	/** Follows the log from now on; what it resolves to waits until so many messages have arrived. */
	expectArrivals(count: number): Promise<() => Promise<void>>;
	raw(arrival: number): Promise<Buffer>;
	content(arrival: number): Promise<Content>;
}

interface SignedIn {
	readonly cookie: string;
	readonly space: SpaceId;
}

async function signIn(url: string, address: string, password: string): Promise<SignedIn> {
	const response = await fetch(`${url}/api/session`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: url },
		body: JSON.stringify({ address, password, publicComputer: false })
	});
	if (!response.ok) throw new Error(`sign-in of ${address} answered ${response.status}`);
	const cookie = response.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	const body = (await response.json()) as { space: SpaceId };
	return { cookie, space: body.space };
}

function statesOf({ messages, registers }: Pack): MessageAsItStands[] {
	return messages.map(({ arrival, summary, mailbox, keywords }) => {
		const own = registers.filter((register) => register.arrival === arrival);
		const set = new Set<string>(keywords);
		let place: string = mailbox;
		for (const { field, value } of own) {
			if (field === 'mailbox') place = String(value);
			else if (value === true) set.add(field);
			else set.delete(field);
		}
		return { arrival, subject: summary.subject, mailbox: place, keywords: [...set].sort() };
	});
}

/** Reads the bytes at a path of the device's space over HTTP; throws unless they are there. */
async function read({ url, space, cookie }: Access, path: string): Promise<Buffer> {
	const response = await fetch(`${url}/api/spaces/${space}${path}`, { headers: { cookie } });
	if (!response.ok) throw new Error(`${path} answered ${response.status}`);
	return Buffer.from(await response.arrayBuffer());
}

const readOpening = async (access: Access) => decodeAny(await read(access, '/opening')) as Opening;

async function readPacks(access: Access): Promise<Pack[]> {
	const packs: Pack[] = [];
	let before = (await readOpening(access)).arrivals;
	while (before > 0) {
		const pack = decodeAny(await read(access, `/packs?before=${before}&count=200`)) as Pack;
		packs.push(pack);
		before = pack.from;
	}
	return packs;
}

async function expectArrivals(access: Access, count: number): Promise<() => Promise<void>> {
	const landed = Promise.withResolvers<undefined>();
	let missing = count;
	const stop = await followLog(access, (await readOpening(access)).cursor, ({ kind }) => {
		if (kind === 'arrived' && (missing -= 1) === 0) landed.resolve(undefined);
	});
	return async () => {
		const late = () => landed.reject(new Error(`${missing} of ${count} messages did not arrive`));
		const patienceEnds = setTimeout(late, patience);
		try {
			await landed.promise;
		} finally {
			clearTimeout(patienceEnds);
			stop();
		}
	};
}

/** Signs in over HTTP at `url` (such as `http://127.0.0.1:8080`). */
export async function openProtocolDevice(
	url: string,
	address: string,
	password: string
): Promise<ProtocolDevice> {
	const session = await signIn(url, address, password);
	const access = { url, ...session, device: newId<'device'>() };
	return {
		...session,
		opening: () => readOpening(access),
		raw: (arrival) => read(access, `/messages/${arrival}/raw`),
		content: async (arrival) =>
			JSON.parse((await read(access, `/messages/${arrival}/content`)).toString()) as Content,
		command(body) {
			const id = newId<'command'>();
			return until(`an answer to ${body.name}`, patience, () => tryCommand(access, id, body));
		},
		messages: async () => (await readPacks(access)).flatMap((pack) => pack.messages),
		states: async () => (await readPacks(access)).flatMap(statesOf),
		expectArrivals: (count) => expectArrivals(access, count)
	};
}
