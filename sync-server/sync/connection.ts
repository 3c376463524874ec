import * as v from 'valibot';
import type { DeviceId, SpaceId } from '#schema/ids.ts';
import { closeCodes } from '#schema/protocol/codes.ts';
import {
	decodeFrame,
	encodeFrame,
	maxFrameBytes,
	type FrameKind,
	type RawFrame
} from '#schema/protocol/frames.ts';
import {
	closeFrame,
	followFrame,
	helloFrame,
	openFrame,
	protocolVersions,
	type HelloFrame,
	type ServerFrames,
	type WelcomeFrame
} from '#schema/protocol/messages.ts';
import type { Entry } from '#schema/space/entry.ts';
import { Allowance, type AllowanceRate } from './allowance.ts';
import type { SyncAccount, SyncPorts } from './account.ts';
import { answerCommand } from './commands.ts';
import { Following } from './following.ts';
import { Lane } from './lane.ts';
import { Channels } from './live/channels.ts';
import { answerPush } from './pushing.ts';
import type { SyncSocket } from './socket.ts';

/** A connection on which nothing came for so long is closed, milliseconds. */
export const silenceLimit = 45_000;
/** What may be buffered for a device that does not read, bytes. */
export const bufferLimit = 16 << 20;
const frameRate: AllowanceRate = { capacity: 600, perSecond: 200 };
const byteRate: AllowanceRate = { capacity: 3 * maxFrameBytes, perSecond: 4 << 20 };
/** How many pushes and commands may wait; a device has one batch in flight and few commands. */
const mostWaiting = 64;

/** `frozen`: no version in common; only pending work is taken. */
type State = 'new' | 'greeting' | 'ready' | 'frozen' | 'leaving' | 'closed';

/** One device's connection: the protocol of `SPEC.md`, over an injected socket, clock and spaces. */
export class SyncConnection {
	readonly account: SyncAccount;
	readonly #socket: SyncSocket;
	readonly #ports: SyncPorts;
	readonly #frames: Allowance;
	readonly #bytes: Allowance;
	readonly #lane: Lane;
	readonly #followings = new Map<SpaceId, Following>();
	#state: State = 'new';
	#device: DeviceId = '' as DeviceId;
	#channels: Channels | null = null;
	#heardAt: number;
	/** Until when the sign-in session is good, as far as is known; null while that is asked. */
	#goodUntil: number | null;

	constructor(account: SyncAccount, socket: SyncSocket, ports: SyncPorts) {
		this.account = account;
		this.#socket = socket;
		this.#ports = ports;
		this.#heardAt = ports.clock();
		this.#goodUntil = account.goodUntil;
		this.#frames = new Allowance(frameRate, this.#heardAt);
		this.#bytes = new Allowance(byteRate, this.#heardAt);
		this.#lane = new Lane(mostWaiting, (error) => this.#fail(error));
	}

	/** Takes what came on the socket; text is not of this protocol. */
	receive(data: Uint8Array | string): void {
		if (this.#state === 'closed' || this.#state === 'leaving') return;
		const now = this.#ports.clock();
		this.#heardAt = now;
		if (typeof data === 'string') return this.#malformed();
		if (data.byteLength > maxFrameBytes) return this.#close(closeCodes.tooLarge, 'too-large');
		if (!this.#frames.take(1, now) || !this.#bytes.take(data.byteLength, now)) return this.#tooFast();
		const frame = decodeFrame(data);
		if (frame === null) return this.#malformed();
		if (frame.kind === 'ping') return this.#send('pong', {});
		if (this.#state === 'new') return this.#greet(frame);
		if (this.#state === 'greeting') return this.#enqueue(async () => this.#dispatch(frame));
		this.#dispatch(frame);
	}

	/** The socket was closed by either side. */
	closed(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		for (const following of this.#followings.values()) following.stop();
		this.#followings.clear();
		this.#channels?.closeAll();
	}

	/** Entries were committed in a space. */
	heard(space: SpaceId, generation: string, entries: readonly Entry[]): void {
		this.#followings.get(space)?.heard(generation, entries);
	}

	/** To be called every few seconds: closes what is silent, does not read, or has no session any more. */
	tick(): void {
		const now = this.#ports.clock();
		if (this.#goodUntil !== null && now >= this.#goodUntil) void this.#askStanding();
		if (now - this.#heardAt > silenceLimit) this.#close(closeCodes.leaving, 'silent');
		else if (this.#socket.buffered > bufferLimit) this.#close(closeCodes.leaving, 'not-reading');
	}

	/** The session rested for as long as it may, unless it was used elsewhere too. */
	async #askStanding(): Promise<void> {
		this.#goodUntil = null;
		try {
			const end = await this.account.standing();
			if (end === null) this.signedOut();
			else this.#goodUntil = end;
		} catch (error) {
			this.#fail(error);
		}
	}

	/** The session ended. */
	signedOut(): void {
		this.#close(closeCodes.signedOut, 'signed-out');
	}

	/** The server goes away: finishes what was begun, takes nothing new, then closes. */
	async leave(): Promise<void> {
		if (this.#state === 'closed') return;
		this.#state = 'leaving';
		await this.#lane.idle();
		this.#close(closeCodes.leaving, 'leaving');
	}

	#greet(frame: RawFrame): void {
		const hello = frame.kind === 'hello' ? v.safeParse(helloFrame, frame.payload) : null;
		if (hello?.success !== true) return this.#malformed();
		this.#state = 'greeting';
		this.#device = hello.output.device;
		this.#channels = this.#newChannels();
		this.#enqueue(() => this.#welcome(hello.output));
	}

	async #welcome({ versions, device }: HelloFrame): Promise<void> {
		const highest = Math.min(versions.highest, protocolVersions.highest);
		const version = highest >= Math.max(versions.lowest, protocolVersions.lowest) ? highest : 0;
		const { account } = this;
		const [profile, spaces] = await Promise.all([
			this.#ports.profile(account.principal),
			Promise.all(
				account.spaces.map(async ({ space, kind }) => ({
					space,
					kind,
					head: await this.#ports.spaces.head(space)
				}))
			),
			this.#ports.greeted(account, device)
		]);
		if (this.#state !== 'greeting') return;
		this.#state = version === 0 ? 'frozen' : 'ready';
		const welcome: WelcomeFrame = { version, now: this.#ports.clock(), profile, spaces };
		this.#send('welcome', welcome);
	}

	#dispatch(frame: RawFrame): void {
		if (this.#state === 'frozen' && frame.kind !== 'push') {
			return this.#close(closeCodes.versionMismatch, 'version-mismatch');
		}
		switch (frame.kind) {
			case 'live':
				this.#channels?.receive(frame.channel, frame.bytes);
				return;
			case 'push':
				return this.#enqueue(() => this.#push(frame.payload));
			case 'command':
				return this.#enqueue(() => this.#command(frame.payload));
			case 'follow':
				return this.#follow(frame.payload);
			case 'open':
				return this.#open(frame.payload);
			case 'close': {
				const parsed = v.safeParse(closeFrame, frame.payload);
				if (!parsed.success) return this.#malformed();
				this.#channels?.close(parsed.output.channel);
				return;
			}
			case 'hello':
			case 'welcome':
			case 'acked':
			case 'refused':
			case 'entries':
			case 'resync':
			case 'answer':
			case 'ping':
			case 'pong':
			case 'opened':
				return this.#malformed();
		}
	}

	async #push(payload: unknown): Promise<void> {
		if (!(await this.#isUsed())) return;
		const goesOn = () => this.#state !== 'leaving' && this.#state !== 'closed';
		const answer = await answerPush(payload, this.#device, this.account, { ...this.#ports, goesOn });
		if (answer === 'malformed') this.#malformed();
		else if (answer !== 'broken-off') this.#send(answer.kind, answer.frame);
	}

	async #command(payload: unknown): Promise<void> {
		if (!(await this.#isUsed())) return;
		const answer = await answerCommand(payload, this.#device, this.account, this.#ports);
		if (answer === null) this.#malformed();
		else this.#send('answer', answer);
	}

	/** Notes that the session is in use; one that has ended ends the connection. */
	async #isUsed(): Promise<boolean> {
		const isGood = await this.account.used();
		if (!isGood) this.signedOut();
		return isGood;
	}

	#follow(payload: unknown): void {
		const parsed = v.safeParse(followFrame, payload);
		if (!parsed.success) return this.#malformed();
		const { space, cursor } = parsed.output;
		if (this.#accessTo(space) === 'none') return this.#close(closeCodes.notPermitted, 'not-permitted');
		this.#followings.get(space)?.stop();
		const socket = this.#socket;
		const following = new Following(space, cursor, {
			spaces: this.#ports.spaces,
			send: (frame) => this.#sendFrame(frame),
			get buffered() {
				return socket.buffered;
			},
			drained: () => socket.drained(),
			failed: (error) => this.#fail(error)
		});
		this.#followings.set(space, following);
		following.start();
	}

	#open(payload: unknown): void {
		const parsed = v.safeParse(openFrame, payload);
		if (!parsed.success) return this.#malformed();
		void this.#channels?.open(parsed.output);
	}

	#newChannels(): Channels {
		return new Channels({
			device: this.#device,
			rooms: this.#ports.rooms,
			send: (frame) => this.#sendFrame(frame),
			access: (space) => this.#accessTo(space),
			wrote: () => void this.#isUsed().catch((error: unknown) => this.#fail(error)),
			malformed: () => this.#malformed(),
			failed: (error) => this.#ports.failed(error)
		});
	}

	#accessTo(space: SpaceId): 'write' | 'read' | 'none' {
		return this.account.spaces.find((own) => own.space === space)?.access ?? 'none';
	}

	#enqueue(task: () => Promise<void>): void {
		const added = this.#lane.add(async () => {
			if (this.#state !== 'closed') await task();
		});
		if (!added) this.#tooFast();
	}

	#send<Kind extends FrameKind & keyof ServerFrames>(kind: Kind, frame: ServerFrames[Kind]): void {
		this.#sendFrame(encodeFrame(kind, frame));
	}

	#sendFrame(frame: Uint8Array): void {
		if (this.#state !== 'closed') this.#socket.send(frame);
	}

	#malformed(): void {
		this.#close(closeCodes.malformed, 'malformed');
	}

	#tooFast(): void {
		this.#close(closeCodes.tooFast, 'too-fast');
	}

	/** RFC 6455 section 7.4.1: 1011 is an unexpected condition of the server. */
	#fail(error: unknown): void {
		this.#ports.failed(error);
		this.#close(1011, 'internal');
	}

	#close(code: number, reason: string): void {
		if (this.#state === 'closed') return;
		this.closed();
		this.#socket.close(code, reason);
	}
}
