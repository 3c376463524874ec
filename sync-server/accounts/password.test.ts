import { describe, expect, it } from 'vitest';
import { comparePassword, defaultCost, hashPassword } from './password.ts';

const cheap = { memory: 64, passes: 1, lanes: 1 };

describe('password hashes', () => {
	it('are PHC strings at 19 MiB and two passes', async () => {
		expect(await hashPassword('correct horse')).toMatch(
			/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/
		);
	});

	it('take the right password and no other', async () => {
		const hash = await hashPassword('密码 pass', cheap);
		expect(await comparePassword('密码 pass', hash, cheap)).toEqual({ matches: true, outdated: false });
		expect(await comparePassword('密码 Pass', hash, cheap)).toEqual({ matches: false, outdated: false });
		expect(await comparePassword('', hash, cheap)).toEqual({ matches: false, outdated: false });
	});

	it('take a password however its accents are composed', async () => {
		const hash = await hashPassword('caf\u00e9', cheap);
		expect((await comparePassword('cafe\u0301', hash, cheap)).matches).toBe(true);
	});

	it('salt: one password makes two hashes', async () => {
		expect(await hashPassword('same', cheap)).not.toBe(await hashPassword('same', cheap));
	});

	it('tell when they were made at another cost', async () => {
		const hash = await hashPassword('old', cheap);
		expect(await comparePassword('old', hash, defaultCost)).toEqual({ matches: true, outdated: true });
	});

	it('follow from password, salt and cost alone, so that a later version still reads them', async () => {
		const hash = await hashPassword('password', defaultCost, () => new Uint8Array(16));
		expect(hash.split('$').at(-1)).toBe('3I4+G8Hb+nWNCW9b6y5QNX813QAdykZ4QqazSX6pzCs');
	});

	it('are refused where they are no hash of ours, or would cost too much', async () => {
		await expect(comparePassword('x', 'plain')).rejects.toThrow(/can not be read/);
		const dear = '$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$' + 'A'.repeat(43);
		await expect(comparePassword('x', dear)).rejects.toThrow(/can not be read/);
	});
});
