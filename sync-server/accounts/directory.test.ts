import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeviceId, PrincipalId } from '#schema/ids.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { openStoreInProcess } from '../store/in-process.ts';
import { createDirectory, directoryPath, type DirectoryOptions } from './directory.ts';
import { directoryKind } from './kind.ts';
import { hashPassword } from './password.ts';

const cheap = { memory: 64, passes: 1, lanes: 1 };
const hour = 3_600_000;

async function demonstration(options: Partial<DirectoryOptions> = {}) {
	const time = { now: 1_000_000 };
	const clock = () => time.now;
	const random = countingRandom();
	const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-directory-'));
	const store = openStoreInProcess([directoryKind], folder, { clock, random });
	onTestFinished(async () => {
		await store.close();
		rmSync(folder, { recursive: true });
	});
	const directory = createDirectory(store, { clock, random, cost: cheap, ...options });
	await directory.found('鸿雁科技', ['Hongyan.Example', 'hy.example']);
	await directory.putDepartment({ id: 'product', parent: null, name: '产品部', position: 0 });
	const spaces: string[] = [];
	const add = (name: string, ...addresses: [string, ...string[]]) =>
		directory.addPerson(
			{
				name,
				department: 'product',
				title: '',
				password: 'right password',
				identities: addresses.map((address) => ({ name, address })) as [{ name: string; address: string }]
			},
			async ({ space }) => {
				spaces.push(space);
			}
		);
	await add('李明', 'Li.Ming@hongyan.example', 'ming@hy.example');
	const file = store.file<typeof directoryKind>('directory', directoryPath);
	const signIn = (address: string, password: string, peer = '192.0.2.1') =>
		directory.verifyPassword({ address, password, peer, protocol: 'web' });
	const principal = async () => {
		const resolution = await directory.resolveRecipient('li.ming@hongyan.example');
		if (resolution.kind !== 'inside') throw new Error('he is inside');
		return resolution.principal;
	};
	return { directory, store, file, time, add, spaces, signIn, principal };
}

describe('the directory', () => {
	it('resolves addresses and aliases, however they are spelled', async () => {
		const { directory, spaces } = await demonstration();
		const found = await directory.resolveRecipient('LI.MING@HONGYAN.example');
		expect(found).toEqual({ kind: 'inside', space: spaces[0], principal: expect.any(String) as string });
		expect(await directory.resolveRecipient('ming@hy.example')).toEqual(found);
		expect(await directory.resolveRecipient('nobody@hy.example')).toEqual({ kind: 'unknown' });
		expect(await directory.resolveRecipient('li.ming@elsewhere.example')).toEqual({ kind: 'outside' });
	});

	it('[Q41] gives postmaster’s mail to who is called so, else to who is named, else to the first', async () => {
		const { directory, add, spaces } = await demonstration({ postmaster: 'Wang@hongyan.example' });
		const spaceOf = async (address: string) => {
			const found = await directory.resolveRecipient(address);
			return found.kind === 'inside' ? found.space : found.kind;
		};
		expect(await spaceOf('Postmaster@HY.example')).toBe(spaces[0]);
		await add('王芳', 'wang@hongyan.example');
		expect(await spaceOf('postmaster@hongyan.example')).toBe(spaces[1]);
		await add('陈思远', 'chen@hongyan.example', 'postmaster@hongyan.example');
		expect(await spaceOf('postmaster@hongyan.example')).toBe(spaces[2]);
		expect(await spaceOf('postmaster@hy.example')).toBe(spaces[1]);
		expect(await spaceOf('postmaster@elsewhere.example')).toBe('outside');
		expect(await spaceOf('hostmaster@hongyan.example')).toBe('unknown');
	});

	it('sees a new account at once, although it remembered the address as nobody’s', async () => {
		const { directory, add } = await demonstration();
		expect(await directory.resolveRecipient('wang@hongyan.example')).toEqual({ kind: 'unknown' });
		await add('王芳', 'wang@hongyan.example');
		expect(await directory.resolveRecipient('wang@hongyan.example')).toMatchObject({ kind: 'inside' });
	});

	it('asks the file once for an address it knows', async () => {
		const { directory, store } = await demonstration();
		await directory.resolveRecipient('ming@hy.example');
		const before = store.figures.operations;
		await directory.resolveRecipient('ming@hy.example');
		expect(store.figures.operations).toBe(before);
	});

	it('gives an address to one account only, and makes no space for a refused one', async () => {
		const { add, spaces } = await demonstration();
		expect(await add('冒名', 'new@hongyan.example', 'MING@hy.example')).toEqual(['ming@hy.example']);
		expect(spaces).toHaveLength(1);
	});

	it('is founded once', async () => {
		const { directory } = await demonstration();
		const first = await directory.organisation();
		expect(await directory.found('Another', ['another.example'])).toEqual(first);
		expect(first?.domains).toEqual(['hongyan.example', 'hy.example']);
	});

	it('shows a profile with the own address first', async () => {
		const { directory, principal } = await demonstration();
		expect(await directory.profileOf(await principal())).toEqual({
			name: '李明',
			address: 'Li.Ming@hongyan.example',
			identities: [
				{ name: '李明', address: 'Li.Ming@hongyan.example' },
				{ name: '李明', address: 'ming@hy.example' }
			],
			organisation: '鸿雁科技',
			domains: ['hongyan.example', 'hy.example']
		});
		await expect(directory.profileOf('nobody' as PrincipalId)).rejects.toThrow('missing');
	});
});

describe('[1.1-a] signing in', () => {
	it('takes the right password under any of the addresses', async () => {
		const { signIn, principal } = await demonstration();
		const expected = { kind: 'verified', principal: await principal() };
		expect(await signIn('li.ming@hongyan.example', 'right password')).toMatchObject(expected);
		expect(await signIn(' Ming@HY.example ', 'right password')).toMatchObject(expected);
	});

	it('answers a wrong password and an unknown address alike', async () => {
		const { signIn } = await demonstration();
		const wrong = await signIn('ming@hy.example', 'wrong');
		expect(wrong).toEqual({ kind: 'wrong' });
		expect(await signIn('nobody@hy.example', 'right password')).toEqual(wrong);
		expect(await signIn('', '')).toEqual(wrong);
		expect(await signIn('ming@hy.example', 'x'.repeat(100_000))).toEqual(wrong);
	});

	it('makes each attempt a fact, good or bad', async () => {
		const { signIn, file, principal } = await demonstration();
		await signIn('ming@hy.example', 'wrong', '192.0.2.9');
		await signIn('ming@hy.example', 'right password', '2001:db8::1');
		const facts = await file.call('sign-ins', { principal: await principal(), count: 10 });
		expect(facts.map(({ peer, result, protocol }) => [peer, result, protocol])).toEqual([
			['2001:db8::1', 'good', 'web'],
			['192.0.2.9', 'wrong-password', 'web']
		]);
	});

	it('lets go of facts after half a year', async () => {
		const { signIn, file, principal, time } = await demonstration();
		await signIn('ming@hy.example', 'wrong');
		time.now += 181 * 24 * hour;
		await signIn('ming@hy.example', 'right password');
		const facts = await file.call('sign-ins', { principal: await principal(), count: 10 });
		expect(facts.map(({ result }) => result)).toEqual(['good']);
	});

	it('limits wrong passwords for an address from one network, and not right ones', async () => {
		const { signIn, time } = await demonstration();
		for (let attempt = 0; attempt < 30; attempt += 1) {
			expect(await signIn('ming@hy.example', 'right password')).toMatchObject({ kind: 'verified' });
		}
		for (let attempt = 0; attempt < 10; attempt += 1) await signIn('ming@hy.example', 'wrong');
		expect(await signIn('ming@hy.example', 'right password')).toEqual({ kind: 'limited', retryAfter: 60 });
		expect(await signIn('ming@hy.example', 'right password', '198.51.100.1')).toMatchObject({
			kind: 'verified'
		});
		time.now += 60_000;
		expect(await signIn('ming@hy.example', 'right password')).toMatchObject({ kind: 'verified' });
	});

	it('limits a network that tries many addresses, and an address tried from many networks', async () => {
		const { signIn } = await demonstration();
		for (let attempt = 0; attempt < 60; attempt += 1)
			await signIn(`a${attempt}@hy.example`, 'x', `203.0.113.${attempt}`);
		expect(await signIn('ming@hy.example', 'right password', '203.0.113.200')).toMatchObject({
			kind: 'limited'
		});
		for (let attempt = 0; attempt < 60; attempt += 1)
			await signIn('ming@hy.example', 'x', `10.0.${attempt}.1`);
		expect(await signIn('ming@hy.example', 'right password', '10.9.9.9')).toMatchObject({ kind: 'limited' });
	});

	it('records a flood that was refused once a minute, not each time', async () => {
		const rates = {
			network: { capacity: 1, interval: hour },
			address: { capacity: 9, interval: 1 },
			pair: { capacity: 9, interval: 1 }
		};
		const { signIn, file, store } = await demonstration({ rates });
		await signIn('ming@hy.example', 'wrong');
		const before = store.figures.commits;
		for (let attempt = 0; attempt < 50; attempt += 1) await signIn('ming@hy.example', 'wrong');
		expect(store.figures.commits - before).toBe(1);
		expect(await file.call('organisation')).not.toBeNull();
	});

	it('hashes a password anew when the cost has changed, unless it was changed meanwhile', async () => {
		const { directory, file, principal, signIn } = await demonstration();
		const who = await principal();
		const old = await hashPassword('right password', { ...cheap, passes: 3 });
		const stored = (await file.call('credentials', { address: 'ming@hy.example' }))?.passwordHash ?? '';
		await file.call('replace-hash', { principal: who, from: stored, to: old });
		expect(await signIn('ming@hy.example', 'right password')).toMatchObject({ kind: 'verified' });
		const better = (await file.call('credentials', { address: 'ming@hy.example' }))?.passwordHash;
		expect(better).toContain('m=64,t=1,p=1');
		await file.call('replace-hash', { principal: who, from: old, to: 'something else' });
		expect((await file.call('credentials', { address: 'ming@hy.example' }))?.passwordHash).toBe(better);
		directory.close();
	});
});

describe('sessions', () => {
	async function withSession(publicComputer = false) {
		const stage = await demonstration();
		const who = { principal: await stage.principal(), publicComputer, peer: '192.0.2.1' };
		const token = await stage.directory.sessions.open(who);
		return { ...stage, sessions: stage.directory.sessions, token };
	}

	it('are found by their token and by nothing else', async () => {
		const { sessions, token, spaces } = await withSession();
		expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
		expect(await sessions.find(token)).toMatchObject({ space: spaces[0], publicComputer: false });
		expect(await sessions.find(token.toLowerCase())).toBeNull();
		expect(await sessions.find('')).toBeNull();
		expect(await sessions.find(`${token}'; --`)).toBeNull();
	});

	it('are known with their device as soon as it said hello', async () => {
		const { sessions, token } = await withSession();
		const session = await sessions.find(token);
		expect(session?.device).toBeNull();
		await sessions.boundTo(session?.id ?? '', 'phone' as DeviceId);
		expect((await sessions.find(token))?.device).toBe('phone');
	});

	it('[1.3-a] end at sign-out, at once, and tell who listens', async () => {
		const { sessions, token } = await withSession();
		const session = await sessions.find(token);
		const ended: string[] = [];
		sessions.onEnd((id) => ended.push(id));
		await sessions.end(session?.id ?? '');
		expect(await sessions.find(token)).toBeNull();
		expect(ended).toEqual([session?.id]);
	});

	it('end without use, and last while they are used', async () => {
		const { sessions, token, time } = await withSession();
		for (let week = 0; week < 8; week += 1) {
			time.now += 7 * 24 * hour;
			expect(await sessions.find(token)).not.toBeNull();
		}
		time.now += 31 * 24 * hour;
		expect(await sessions.find(token)).toBeNull();
	});

	it('end in any case after their whole time', async () => {
		const { sessions, token, time } = await withSession();
		for (let week = 0; week < 25; week += 1) {
			time.now += 7 * 24 * hour;
			await sessions.find(token);
		}
		expect(await sessions.find(token)).not.toBeNull();
		time.now += 6 * 24 * hour;
		expect(await sessions.find(token)).toBeNull();
	});

	it('[X-public-a] end soon on a public computer', async () => {
		const { sessions, token, time } = await withSession(true);
		time.now += 1.9 * hour;
		expect(await sessions.find(token)).not.toBeNull();
		time.now += 2.1 * hour;
		expect(await sessions.find(token)).toBeNull();
	});

	it('stay ended once they rested too long, and say until when they are good [W34]', async () => {
		const { sessions, token, time } = await withSession(true);
		const session = await sessions.find(token);
		if (session === null) throw new Error('it is good');
		expect(await sessions.endOf(session)).toBe(time.now + 2 * hour);
		time.now += hour;
		expect(await sessions.used(session)).toBe(true);
		expect(await sessions.endOf(session)).toBe(time.now + 2 * hour);
		time.now += 2 * hour;
		expect(await sessions.endOf(session)).toBeNull();
		expect(await sessions.used(session)).toBe(false);
		expect(await sessions.find(token)).toBeNull();
	});

	it('are written down as used now and then, with their device', async () => {
		const { sessions, token, store, time } = await withSession();
		const session = await sessions.find(token);
		const before = store.figures.commits;
		await sessions.find(token);
		expect(store.figures.commits).toBe(before);
		time.now += 6 * 60_000;
		await sessions.find(token);
		expect(store.figures.commits).toBe(before + 1);
		if (session !== null) await sessions.boundTo(session.id, 'laptop' as DeviceId);
		expect(store.figures.commits).toBe(before + 2);
	});
});
