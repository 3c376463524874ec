import type { BrowserContext, Page } from '@playwright/test';
import { corpusFile, haveCorpora, withoutCorpora } from '../lab/corpora.ts';
import { TrapHost } from '../lab/trap-host.ts';
import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test.setTimeout(180_000);

/** Letters of one thread are opened together, each in a frame of its own: so many payloads at a time. */
const perThread = 27;

/** The attack strings of both collections. */
function payloads(): string[] {
	const purify = JSON.parse(corpusFile('html', 'dompurify.json').toString()) as { payload: string }[];
	const cheatsheet = JSON.parse(corpusFile('html', 'h5sc.json').toString()) as { data: string }[];
	return [...purify.map(({ payload }) => payload), ...cheatsheet.map(({ data }) => data)];
}

/** What a letter must never bring about; each is told with what it was. */
function watch(context: BrowserContext, page: Page, own: string): string[] {
	const events: string[] = [];
	page.on('dialog', (dialog) => {
		events.push(`dialog ${dialog.type()}: ${dialog.message()}`);
		void dialog.dismiss();
	});
	page.on('framenavigated', (frame) => {
		const url = frame.url();
		if (!url.startsWith(own) && !['about:srcdoc', 'about:blank', ''].includes(url))
			events.push(`navigated to ${url}`);
	});
	page.on('download', (download) => events.push(`download of ${download.url()}`));
	page.on('pageerror', (error) => events.push(`error: ${error.message}`));
	context.on('page', (other) => events.push(`opened ${other.url()}`));
	context.on('request', (request) => {
		const url = request.url();
		if (!url.startsWith(`${own}/`) && !/^(?:data|blob|about):/.test(url)) events.push(`requested ${url}`);
	});
	return events;
}

/** What is left in the letters' frames that could run, load, post, refresh or resolve a name. */
async function dangersIn(page: Page): Promise<string[]> {
	const found = await Promise.all(
		page
			.frames()
			.filter((frame) => frame.parentFrame() === page.mainFrame())
			.map((frame) =>
				frame.locator('body').evaluate((body) => {
					const forbidden =
						'script,iframe,frame,object,embed,applet,form,link,meta,base,style,audio,video,source,track,portal';
					const dangers = [...body.querySelectorAll(forbidden)].map((element) => `<${element.localName}>`);
					for (const element of body.querySelectorAll('*')) {
						for (const { name, value } of element.attributes) {
							const plain = value.replace(/[\s\p{Cc}]/gu, '').toLowerCase();
							if (name.startsWith('on')) dangers.push(`${element.localName} ${name}`);
							if (/^(?:javascript|vbscript|file):|^data:text/.test(plain))
								dangers.push(`${element.localName} ${name}=${plain}`);
							if (name === 'src' && !/^(?:data:image|blob:)/.test(plain))
								dangers.push(`${element.localName} src=${plain}`);
							const leads = (name === 'href' || name === 'xlink:href') && element.localName !== 'a';
							if (leads && !/^(?:#|data:image)/.test(plain))
								dangers.push(`${element.localName} ${name}=${plain}`);
							if (/^(?:srcset|background|poster|action|formaction|ping|srcdoc)$/.test(name))
								dangers.push(`${element.localName} ${name}`);
							if (name === 'style' && /url\((?!["']?data:)|expression|-moz-binding|@import/i.test(value))
								dangers.push(`style ${value}`);
						}
					}
					return dangers;
				})
			)
	);
	return found.flat();
}

test('[X-privacy-a] runs nothing and fetches nothing, whatever the letter holds', async ({
	office,
	computer,
	me
}, testInfo) => {
	testInfo.skip(!haveCorpora, withoutCorpora);
	const all = payloads();
	expect(all.length).toBeGreaterThan(150);
	const threads = Math.ceil(all.length / perThread);
	for (const [place, payload] of all.entries()) {
		const number = Math.floor(place / perThread);
		await office.receive(me, {
			subject: `${place % perThread === 0 ? '' : 'Re: '}Thread ${number}`,
			html: `<p class="before">payload ${place}</p>${payload}`,
			messageId: `payload-${place}@outside.example`,
			...(place % perThread === 0 ? {} : { answers: `payload-${number * perThread}@outside.example` })
		});
	}

	// Every name but the server's address leads to the trap: whatever is fetched, connects to it.
	const trap = await TrapHost.listen();
	const host = await computer([`--host-resolver-rules=MAP * 127.0.0.1:${trap.port}, EXCLUDE 127.0.0.1`]);
	const browser = await host.browser();
	const desk = new Desk(await browser.newPage(), 'en');
	await desk.signIn.open();
	const events = watch(browser, desk.page, office.server.address);
	await desk.signIn.signIn(me);
	await expect(desk.list.counts).toContainText(String(all.length));
	let frames = 0;
	for (let number = 0; number < threads; number += 1) {
		const wanted = Math.min(perThread, all.length - number * perThread);
		await desk.page.goto(`/mail/inbox/t/${number * perThread}`);
		await desk.letter.expectSubject(`Thread ${number}`);
		await expect(desk.letter.threadSize).toContainText(String(wanted));
		await desk.letter.unfoldAll();
		await expect(desk.letter.letters).toHaveCount(wanted);
		for (let place = 0; place < wanted; place += 1) {
			await expect(desk.letter.html(desk.letter.letters.nth(place)).locator('.before')).toHaveText(
				`payload ${number * perThread + place}`
			);
		}
		frames += wanted;
		expect(await dangersIn(desk.page)).toEqual([]);
		expect(events).toEqual([]);
	}
	expect(frames).toBe(all.length);
	expect(trap.connections).toEqual([]);
	await trap.close();
});

test('[X-privacy-a] remote pictures stay off and are named, links show where they lead', async ({
	office,
	computer,
	me
}) => {
	const trap = await TrapHost.listen();
	await office.receive(me, {
		subject: 'Newsletter',
		html: [
			'<link rel="dns-prefetch" href="//resolved.example"><link rel="preconnect" href="https://warm.example">',
			'<link rel="stylesheet" href="http://sheet.example/a.css"><style>@import "http://import.example/b.css";',
			'p { background: url(http://css.example/c.png) } @font-face { font-family: f; src: url(http://font.example/f) }',
			'</style><p style="background-image: url(http://inline.example/d.png); font-family: f">Hello reader</p>',
			'<img src="http://pixel.example/e.gif" width="1" height="1" alt="pixel">',
			'<img srcset="http://set.example/f.png 2x" alt="set"><svg><image href="http://svg.example/g.png"/></svg>',
			'<video poster="http://poster.example/h.png"></video><body background="http://body.example/i.png">',
			'<a href="https://bank.example.attacker.example/login" ping="http://ping.example">https://bank.example</a>'
		].join('')
	});
	const host = await computer([`--host-resolver-rules=MAP * 127.0.0.1:${trap.port}, EXCLUDE 127.0.0.1`]);
	const browser = await host.browser();
	const desk = new Desk(await browser.newPage(), 'en');
	const events = watch(browser, desk.page, office.server.address);
	await desk.signIn.open();
	await desk.signIn.signIn(me);
	await desk.list.open('Newsletter');
	await expect(desk.letter.html().locator('p')).toHaveText('Hello reader');
	await expect(desk.letter.notices).toHaveText(desk.words.pictureBlocked);
	const link = desk.letter.html().locator('a');
	await expect(link).toHaveAttribute('title', 'https://bank.example.attacker.example/login');
	await expect(link).toHaveAttribute('rel', /noopener.*noreferrer/);

	// Answering quotes the letter, which must be as harmless.
	await desk.letter.act('reply');
	await desk.composer.showQuote();
	await expect(desk.composer.quote.locator('p')).toHaveText('Hello reader');
	expect(await dangersIn(desk.page)).toEqual([]);
	await desk.composer.expectSaved();
	expect(events).toEqual([]);
	expect(trap.connections).toEqual([]);
	await trap.close();
});

test('[X-privacy-a] a picture that the letter itself carries is shown', async ({ desk, office, me }) => {
	const pixel = Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVQIHWP8z8DAwMDAxMDAwMAAAA0AAf+M5rIAAAAASUVORK5CYII=',
		'base64'
	);
	await office.receive(me, {
		subject: 'With a logo',
		html: '<p>Our logo:</p><img src="cid:logo@outside.example" alt="logo">',
		attachments: [
			{ filename: 'logo.png', content: pixel, contentType: 'image/png', cid: 'logo@outside.example' }
		]
	});
	await desk.list.open('With a logo');
	await expect(desk.letter.html().getByRole('img', { name: 'logo' })).toHaveAttribute('src', /^blob:/);
	await expect(desk.letter.notices).toHaveCount(0);
});
