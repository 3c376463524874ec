import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Bounds of what one frame may say about who is there. */
export const awarenessLimits = { clients: 64, stateLength: 4096, clientsOfMember: 8 } as const;

interface Client<Member> {
	readonly clock: number;
	/** JSON; 'null' stands for gone. */
	readonly state: string;
	readonly member: Member;
}

interface Claim {
	readonly client: number;
	readonly clock: number;
	readonly state: string;
}

/**
 * Passes on who is there in a room (the awareness protocol of y-protocols), without an awareness of its own:
 * no timers, nothing kept when a member has left. A member speaks for the client ids it announced; a state
 * counts only with a later clock than the one known; nobody removes what another member announced.
 */
export class AwarenessRelay<Member> {
	readonly #clients = new Map<number, Client<Member>>();

	/** Takes a member's update; answers what the others are to be told, or null where it was malformed. */
	receive(member: Member, update: Uint8Array): Uint8Array | 'nothing-new' | null {
		const claims = readClaims(update);
		if (claims === null) return null;
		const news = claims.filter((claim) => this.#take(member, claim));
		return news.length === 0 ? 'nothing-new' : encodeClaims(news);
	}

	/** Everybody's state, for one who just came; null where nobody is there. */
	everybody(): Uint8Array | null {
		const claims = [...this.#clients].map(([client, { clock, state }]) => ({ client, clock, state }));
		return claims.length === 0 ? null : encodeClaims(claims);
	}

	/** Forgets a member; answers what the others are to be told, or null where it had announced nothing. */
	leave(member: Member): Uint8Array | null {
		const gone: Claim[] = [];
		for (const [client, known] of this.#clients) {
			if (known.member !== member) continue;
			this.#clients.delete(client);
			gone.push({ client, clock: known.clock + 1, state: 'null' });
		}
		return gone.length === 0 ? null : encodeClaims(gone);
	}

	#take(member: Member, { client, clock, state }: Claim): boolean {
		const known = this.#clients.get(client);
		if (state === 'null') {
			const isOwn = known?.member === member && clock >= known.clock;
			if (isOwn) this.#clients.delete(client);
			return isOwn;
		}
		if (known !== undefined && clock <= known.clock) return false;
		if (known?.member !== member && this.#countOf(member) >= awarenessLimits.clientsOfMember) return false;
		this.#clients.set(client, { clock, state, member });
		return true;
	}

	#countOf(member: Member): number {
		let count = 0;
		for (const client of this.#clients.values()) if (client.member === member) count += 1;
		return count;
	}
}

function readClaims(update: Uint8Array): Claim[] | null {
	try {
		const decoder = decoding.createDecoder(update);
		const count = decoding.readVarUint(decoder);
		if (count > awarenessLimits.clients) return null;
		const claims: Claim[] = [];
		for (let index = 0; index < count; index += 1) {
			const client = decoding.readVarUint(decoder);
			const clock = decoding.readVarUint(decoder);
			const state = decoding.readVarString(decoder);
			if (state.length > awarenessLimits.stateLength) return null;
			claims.push({ client, clock, state: JSON.stringify(JSON.parse(state)) });
		}
		return claims;
	} catch {
		// Truncated, or a state that is not JSON; the caller closes the connection as malformed.
		return null;
	}
}

function encodeClaims(claims: readonly Claim[]): Uint8Array {
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, claims.length);
		for (const { client, clock, state } of claims) {
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, clock);
			encoding.writeVarString(encoder, state);
		}
	});
}
