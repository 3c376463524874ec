import {
	newId,
	type DeviceId,
	type DocumentId,
	type PrincipalId,
	type RandomBytes,
	type SpaceId
} from '#schema/ids.ts';
import { closeCodes } from '#schema/protocol/codes.ts';
import type { Profile, PushedChange } from '#schema/protocol/messages.ts';
import type { StoreEvent } from '../store/event.ts';
import type { Commands } from './commands.ts';
import { Rooms } from './live/rooms.ts';
import type { SyncAccount, SyncPorts } from './account.ts';
import { SyncConnection } from './connection.ts';
import type { SyncSocket } from './socket.ts';
import type { SpaceAccess } from './space-access.ts';

/** What the sync edge is given by the wiring. */
export interface SyncHubPorts {
	readonly clock: () => number;
	readonly random: RandomBytes;
	readonly spaces: SpaceAccess;
	readonly commands: Commands;
	profile(principal: PrincipalId): Promise<Profile>;
	greeted(account: SyncAccount, device: DeviceId): Promise<void>;
	pushed(result: string): void;
	failed(error: unknown): void;
}

/** Connections one session may have open: its tabs share one, so many mean something is wrong. */
export const mostConnections = 20;

/** All connections of this server, and the rooms they share. */
export class SyncHub {
	readonly #ports: SyncPorts;
	readonly #rooms: Rooms;
	readonly #connections = new Set<SyncConnection>();
	/** The same by the spaces they may follow, so that a commit costs those alone. */
	readonly #bySpace = new Map<SpaceId, Set<SyncConnection>>();
	/** The same by their session. */
	readonly #bySession = new Map<string, Set<SyncConnection>>();
	readonly #generations = new Map<SpaceId, string>();
	#isLeaving = false;

	constructor(ports: SyncHubPorts) {
		const newBatch = () => newId<'batch'>(ports.random);
		this.#rooms = new Rooms({
			load: (space, document) => this.#load(space, document),
			log: (space, document, device, update) => this.#log(space, document, device, update)
		});
		this.#ports = { ...ports, ...boundPorts(ports), newBatch, rooms: this.#rooms };
	}

	get sockets(): number {
		return this.#connections.size;
	}

	get rooms(): number {
		return this.#rooms.size;
	}

	/** Begins a connection; the caller hands it what comes and tells it of the close. */
	connect(account: SyncAccount, socket: SyncSocket): SyncConnection {
		const connection = new SyncConnection(account, socket, this.#ports);
		const own = this.#bySession.get(account.session)?.size ?? 0;
		if (this.#isLeaving || own >= mostConnections) {
			connection.closed();
			const code = this.#isLeaving ? closeCodes.leaving : closeCodes.tooFast;
			socket.close(code, this.#isLeaving ? 'leaving' : 'too-many');
			return connection;
		}
		this.#connections.add(connection);
		addTo(this.#bySession, account.session, connection);
		for (const { space } of account.spaces) addTo(this.#bySpace, space, connection);
		return connection;
	}

	/** Forgets a connection whose socket is closed. */
	disconnected(connection: SyncConnection): void {
		connection.closed();
		this.#connections.delete(connection);
		const { account } = connection;
		removeFrom(this.#bySession, account.session, connection);
		for (const { space } of account.spaces) removeFrom(this.#bySpace, space, connection);
	}

	/** Passes on what was committed. */
	heard(event: StoreEvent): void {
		if (event.kind !== 'entries') return;
		const { space, generation, entries } = event;
		const known = this.#generations.get(space);
		if (known !== undefined && known !== generation) this.#rooms.endOf(space);
		if (known !== undefined) this.#generations.set(space, generation);
		this.#rooms.heard(space, entries);
		for (const connection of this.#bySpace.get(space) ?? []) connection.heard(space, generation, entries);
	}

	/** Ends the connections of a session that ended. */
	signedOut(sessionId: string): void {
		for (const connection of this.#bySession.get(sessionId) ?? []) connection.signedOut();
	}

	/** To be called every few seconds. */
	tick(): void {
		for (const connection of this.#connections) connection.tick();
	}

	/** Lets every connection finish what was begun, then closes it; new ones are turned away. */
	async leave(): Promise<void> {
		this.#isLeaving = true;
		await Promise.all([...this.#connections].map((connection) => connection.leave()));
		await this.#rooms.emptied();
	}

	async #load(space: SpaceId, document: DocumentId): Promise<Uint8Array | null> {
		const { generation } = await this.#ports.spaces.head(space);
		this.#generations.set(space, generation);
		return this.#ports.spaces.document(space, document);
	}

	async #log(space: SpaceId, document: DocumentId, device: DeviceId, update: Uint8Array): Promise<boolean> {
		const generation = this.#generations.get(space) ?? '';
		const changes: PushedChange[] = [{ kind: 'text', key: 0, document, update: new Uint8Array(update) }];
		try {
			const batch = this.#ports.newBatch();
			const answer = await this.#ports.spaces.push(space, {
				batch,
				device,
				generation,
				changes,
				following: []
			});
			this.#ports.pushed(answer.kind === 'acked' ? 'acked' : answer.code);
			return answer.kind === 'acked';
		} catch (error) {
			this.#ports.failed(error);
			return false;
		}
	}
}

function addTo<Key>(index: Map<Key, Set<SyncConnection>>, key: Key, connection: SyncConnection): void {
	const known = index.get(key);
	if (known === undefined) index.set(key, new Set([connection]));
	else known.add(connection);
}

function removeFrom<Key>(index: Map<Key, Set<SyncConnection>>, key: Key, connection: SyncConnection): void {
	const known = index.get(key);
	known?.delete(connection);
	if (known?.size === 0) index.delete(key);
}

/** Ports may be methods of an object; spreading would lose it. */
function boundPorts(ports: SyncHubPorts) {
	return {
		profile: (principal: PrincipalId) => ports.profile(principal),
		greeted: (account: SyncAccount, device: DeviceId) => ports.greeted(account, device),
		pushed: (result: string) => ports.pushed(result),
		failed: (error: unknown) => ports.failed(error)
	};
}
