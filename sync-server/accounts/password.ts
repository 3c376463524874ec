import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '#schema/ids.ts';

/** Cost of a hash: memory in KiB, passes, lanes. */
export interface HashCost {
	readonly memory: number;
	readonly passes: number;
	readonly lanes: number;
}

/** 19 MiB and two passes: the smallest setting OWASP's password storage page gives for argon2id. */
export const defaultCost: HashCost = { memory: 19_456, passes: 2, lanes: 1 };

/** Longest password taken, in UTF-16 units; longer ones are refused before they cost anything. */
export const maxPasswordLength = 1024;

const tagLength = 32;
const saltLength = 16;
/** What may be spent on a stored hash, so that a damaged row can't take the machine. */
const costLimit: HashCost = { memory: 1 << 20, passes: 20, lanes: 16 };

const phcPattern =
	/^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/**
 * Hashes a password with argon2id (RFC 9106), off the main thread.
 *
 * @returns a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`
 */
export async function hashPassword(
	password: string,
	cost: HashCost = defaultCost,
	random: RandomBytes = randomBytes
): Promise<string> {
	const salt = random(saltLength);
	const tag = await derive(password, salt, cost, tagLength);
	return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.lanes}$${encode(salt)}$${encode(tag)}`;
}

/**
 * Whether a password is the one that was hashed, compared in constant time, and whether the hash was made at
 * another cost than today's and should be made anew.
 *
 * @throws Error where the stored hash is not one this code wrote
 */
export async function comparePassword(
	password: string,
	stored: string,
	cost: HashCost = defaultCost
): Promise<{ readonly matches: boolean; readonly outdated: boolean }> {
	const parsed = parseHash(stored);
	if (parsed === null) throw new Error('A stored password hash can not be read.');
	const tag = await derive(password, parsed.salt, parsed.cost, parsed.tag.byteLength);
	const { memory, passes, lanes } = parsed.cost;
	return {
		matches: timingSafeEqual(tag, parsed.tag),
		outdated: memory !== cost.memory || passes !== cost.passes || lanes !== cost.lanes
	};
}

interface ParsedHash {
	readonly cost: HashCost;
	readonly salt: Uint8Array;
	readonly tag: Uint8Array;
}

function parseHash(stored: string): ParsedHash | null {
	const match = phcPattern.exec(stored);
	if (match === null) return null;
	const [, memory, passes, lanes, salt = '', tag = ''] = match;
	const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
	const withinLimit =
		cost.memory <= costLimit.memory &&
		cost.passes >= 1 &&
		cost.passes <= costLimit.passes &&
		cost.lanes >= 1 &&
		cost.lanes <= costLimit.lanes;
	if (!withinLimit) return null;
	return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

/** One password has several encodings of the same characters; NFC makes them one (RFC 8265, section 4.2). */
function derive(password: string, salt: Uint8Array, cost: HashCost, length: number): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		argon2(
			'argon2id',
			{
				message: password.normalize('NFC'),
				nonce: salt,
				parallelism: cost.lanes,
				tagLength: length,
				memory: cost.memory,
				passes: cost.passes
			},
			(error, tag) => {
				if (error === null) resolve(tag);
				else reject(error);
			}
		);
	});
}

function encode(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
