import { afterEach, describe, expect, it } from 'vitest';
import { openSite, trialPassword, type SiteStage, type SiteStageOptions } from './trial/site-stage.ts';

let site: SiteStage;
afterEach(() => site.close());

async function open(options: SiteStageOptions = {}): Promise<SiteStage> {
	site = await openSite(options);
	return site;
}

const right = { address: 'li@hongyan.example', password: trialPassword, publicComputer: false };

function signIn(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return site.fetch('/api/session', {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body)
	});
}

describe('[1.1-a] signing in', () => {
	it('answers profile, account and space, and sets a cookie no script reads', async () => {
		await open();
		const response = await signIn(right);
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			profile: expect.objectContaining({
				address: 'li@hongyan.example',
				domains: ['hongyan.example']
			}) as unknown,
			account: expect.any(String) as unknown,
			space: site.space
		});
		const [cookie = ''] = response.headers.getSetCookie();
		expect(cookie).toMatch(/^hongyan=[\w-]{43}; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Strict$/);
		expect(response.headers.get('cache-control')).toBe('no-store');
	});

	it('answers a wrong password and an unknown address alike', async () => {
		await open();
		const answers = [
			await signIn({ ...right, password: 'wrong' }),
			await signIn({ ...right, address: 'nobody@hongyan.example' }),
			await signIn({ ...right, address: '' })
		];
		expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]))).toEqual(
			answers.map(() => [401, '{"code":"not-signed-in"}'])
		);
		expect(answers.flatMap((answer) => answer.headers.getSetCookie())).toEqual([]);
	});

	it('limits attempts and says when to come back', async () => {
		const few = { capacity: 1, interval: 90_000 };
		await open({ rates: { network: few, address: few, pair: few } });
		await signIn({ ...right, password: 'wrong' });
		const limited = await signIn(right);
		expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '90']);
		expect(await limited.json()).toEqual({ code: 'rate-limited', retryAfter: 90 });
	});

	it.each<[string, unknown, number]>([
		['text that is no JSON', '{', 400],
		['the wrong shape', { address: 'li@hongyan.example', password: 5 }, 400],
		['too long a password', { ...right, password: 'x'.repeat(20_000) }, 400],
		['far too much', 'x'.repeat(100_000), 413]
	])('refuses %s', async (_what, body, status) => {
		await open();
		expect((await signIn(body)).status).toBe(status);
		expect(site.failures).toEqual([]);
	});

	it('[X-public-a] on a public computer lasts as long as the browser is open', async () => {
		await open();
		const response = await signIn({ ...right, publicComputer: true });
		expect(response.headers.getSetCookie()[0]).not.toMatch(/Max-Age|Expires/);
	});

	it('under https sets a cookie that no other host can set', async () => {
		await open({ site: { publicUrl: new URL('https://mail.hongyan.example') } });
		const response = await signIn(right, { origin: 'https://mail.hongyan.example' });
		expect(response.headers.getSetCookie()[0]).toMatch(
			/^__Host-hongyan=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/
		);
		expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/);
	});
});

describe('a session', () => {
	it('[1.3-a] is known by its cookie, ends at sign-out, and the cookie goes', async () => {
		await open();
		const cookie = await site.signIn();
		const who = await site.fetch('/api/session', { headers: { cookie } });
		expect(await who.json()).toMatchObject({ space: site.space });
		const out = await site.fetch('/api/session', { method: 'DELETE', headers: { cookie } });
		expect([out.status, out.headers.getSetCookie()[0]]).toEqual([204, 'hongyan=; Max-Age=0; Path=/']);
		expect((await site.fetch('/api/session', { headers: { cookie } })).status).toBe(401);
	});

	it('is none without a cookie, with a wrong one, or after its time', async () => {
		await open();
		const cookie = await site.signIn();
		for (const header of ['', 'hongyan=', 'hongyan=short', `hongyan=${'A'.repeat(43)}`, `other=${cookie}`]) {
			expect((await site.fetch('/api/session', { headers: { cookie: header } })).status).toBe(401);
		}
		site.time.now += 31 * 24 * 3_600_000;
		expect((await site.fetch('/api/session', { headers: { cookie } })).status).toBe(401);
	});
});

describe('requests that change something', () => {
	it.each<[string, Record<string, string>, number]>([
		['from another origin', { origin: 'https://evil.example' }, 403],
		['from nowhere a page could be', { origin: 'null' }, 403],
		['from another site, by its own testimony', { 'sec-fetch-site': 'cross-site' }, 403],
		['from a neighbouring host', { 'sec-fetch-site': 'same-site' }, 403],
		['of a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
		['of plain text', { 'content-type': 'text/plain' }, 415],
		['of a form with files', { 'content-type': 'Multipart/Form-Data; boundary=x' }, 415],
		['from the site itself', { 'sec-fetch-site': 'same-origin' }, 200]
	])('%s are answered as they should be', async (_what, headers, status) => {
		await open();
		expect((await signIn(right, headers)).status).toBe(status);
	});

	it('count only the configured address as the site itself, whatever host was asked for', async () => {
		await open({ site: { publicUrl: new URL('https://mail.hongyan.example') } });
		expect((await signIn(right)).status).toBe(403);
		expect((await signIn(right, { origin: 'http://mail.hongyan.example' })).status).toBe(403);
	});

	it('without an origin are a program’s, which holds its cookie itself', async () => {
		await open();
		const response = await fetch(`${site.url}/api/session`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(right)
		});
		expect(response.status).toBe(200);
	});
});

describe('the client’s address', () => {
	it('is the other end’s, or what a trusted proxy names last', async () => {
		await open({ site: { trustedProxies: ['127.0.0.1'] } });
		await signIn(right, { 'x-forwarded-for': '10.6.6.6, 203.0.113.9' });
		expect(await peers()).toEqual(['203.0.113.9']);
	});

	it('is not what just anybody claims', async () => {
		await open();
		await signIn(right, { 'x-forwarded-for': '203.0.113.9' });
		expect(await peers()).toEqual(['127.0.0.1']);
	});

	async function peers(): Promise<string[]> {
		const resolution = await site.directory.resolveRecipient('li@hongyan.example');
		if (resolution.kind !== 'inside') throw new Error('he is inside');
		return (await site.signIns(resolution.principal)).map(({ peer }) => peer);
	}
});
