import type { BrowserContext, Page } from '@playwright/test';
import type { MessageFact } from '#schema/mail/message.ts';
import { composeLetter } from '../lab/compose.ts';
import { corpusFile, haveCorpora, withoutCorpora } from '../outside/corpora.ts';
import type { Office } from '../lab/office.ts';
import type { Person } from '../lab/people.ts';
import { SmtpClient, withWireLineEnds } from '../outside/smtp-client.ts';
import { TrapHost } from '../lab/trap-host.ts';
import { expect, test } from './scenario.ts';
import { Desk } from '../pages/desk.ts';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(180_000);
test.beforeEach(({ trace }) => {
	expect(trace, 'tracing puts a script of its own into every frame, and a letter’s frame reports it').toBe(
		'off'
	);
});

/**
 * What the browser says of every handler that it meets while a letter is parsed for cleaning, in a document
 * that is never shown: it is not made. That none comes further is looked for in the frames and the page.
 */
const droppedWhileCleaning = 'Executing inline event handler violates the following Content Security Policy';

/** Letters of one thread are opened together, each in a frame of its own: so many payloads at a time. */
const perThread = 27;

/** The attack strings of both collections. */
function payloads(): string[] {
	const purify = JSON.parse(corpusFile('html/dompurify.json').toString()) as { payload: string }[];
	const cheatsheet = JSON.parse(corpusFile('html/h5sc.json').toString()) as { data: string }[];
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
	page.on('console', (message) => {
		if (message.type() === 'error' && !message.text().startsWith(droppedWhileCleaning))
			events.push(`console: ${message.text()}`);
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

/** The texts before the payloads in all frames of the page, and what is in the frames that could run, load, post or refresh. */
function inspectFrames(page: Page): Promise<{ texts: string[]; dangers: string[] }> {
	return page.evaluate(() => {
		const texts: string[] = [];
		const dangers: string[] = [];
		const forbidden =
			'script,iframe,frame,object,embed,applet,form,link,meta,base,style,audio,video,source,track,portal';
		const judge = (element: Element, name: string, value: string) => {
			const plain = value.replace(/[\s\p{Cc}]/gu, '').toLowerCase();
			const leads = (name === 'href' || name === 'xlink:href') && element.localName !== 'a';
			const isDanger =
				name.startsWith('on') ||
				/^(?:srcset|background|poster|action|formaction|ping|srcdoc)$/.test(name) ||
				/^(?:javascript|vbscript|file):|^data:text/.test(plain) ||
				(name === 'src' && !/^(?:data:image|blob:)/.test(plain)) ||
				(leads && !/^(?:#|data:image)/.test(plain)) ||
				(name === 'style' && /url\((?!["']?data:)|expression|-moz-binding|@import/i.test(value));
			if (isDanger) dangers.push(`${element.localName} ${name}=${value}`);
		};
		for (const element of document.querySelectorAll('*')) {
			for (const { name } of element.attributes)
				if (name.startsWith('on')) dangers.push(`the page’s ${element.localName} ${name}`);
		}
		for (const { contentDocument } of document.querySelectorAll('iframe')) {
			if (contentDocument === null) throw new Error('a letter is not in a frame of ours');
			const body = contentDocument.querySelector('body');
			if (body === null) continue;
			texts.push(body.querySelector('.before')?.textContent ?? '');
			for (const element of body.querySelectorAll(forbidden)) dangers.push(`<${element.localName}>`);
			for (const element of body.querySelectorAll('*')) {
				for (const { name, value } of element.attributes) judge(element, name, value);
			}
		}
		return { texts, dangers };
	});
}

/** Sends the payloads, each as a letter of its own, in threads; resolves when all lie in the mailbox. */
async function sendPayloads(office: Office, person: Person, all: readonly string[]): Promise<MessageFact[]> {
	const smtp = await SmtpClient.open(office.server.ports.smtp);
	for (const [place, payload] of all.entries()) {
		const first = place - (place % perThread);
		const letter = await composeLetter({
			from: 'Lin Wei <lin.wei@outside.example>',
			to: person.address,
			subject: `${place === first ? '' : 'Re: '}Thread ${first}`,
			html: `<p class="before">payload ${place}</p>${payload}`,
			messageId: `payload-${place}@outside.example`,
			...(place === first ? {} : { answers: `payload-${first}@outside.example` })
		});
		await smtp.deliver('lin.wei@outside.example', [person.address], withWireLineEnds(letter));
	}
	await smtp.drop();
	const mailbox = await office.mailboxOf(person);
	await expect.poll(async () => (await mailbox.opening()).arrivals).toBe(all.length);
	return mailbox.messages();
}

/** A browser for which every name but the server's address leads to the trap; its own services lead nowhere. */
const trapped = ({ port }: TrapHost) => [
	`--host-resolver-rules=MAP *.googleapis.com ~NOTFOUND, MAP accounts.google.com ~NOTFOUND, MAP * 127.0.0.1:${port}, EXCLUDE 127.0.0.1`
];

test('[X-privacy-a] runs nothing and fetches nothing, whatever the letter holds', async ({
	office,
	computer,
	me
}, testInfo) => {
	testInfo.skip(!haveCorpora, withoutCorpora);
	const all = payloads();
	expect(all.length).toBeGreaterThan(150);
	const letters = await sendPayloads(office, me, all);
	const firsts = letters.filter(({ summary }) => summary.subject.startsWith('Thread '));
	expect(firsts).toHaveLength(Math.ceil(all.length / perThread));

	const trap = await TrapHost.listen();
	const browser = await (await computer(trapped(trap))).browser();
	const desk = new Desk(await browser.newPage(), 'en');
	await desk.signIn.open();
	const events = watch(browser, desk.page, office.server.address);
	await desk.signIn.signIn(me);
	await expect(desk.list.counts).toContainText(String(all.length));
	const shown: string[] = [];
	for (const { arrival, summary } of firsts) {
		const first = Number(summary.subject.slice('Thread '.length));
		const wanted = all.slice(first, first + perThread).map((_, place) => `payload ${first + place}`);
		await desk.page.goto(`/mail/inbox/t/${arrival}`);
		await desk.letter.expectSubject(summary.subject);
		await expect(desk.letter.threadSize).toContainText(String(wanted.length));
		await desk.letter.unfoldAll();
		await expect.poll(async () => (await inspectFrames(desk.page)).texts.sort()).toEqual(wanted.sort());
		expect((await inspectFrames(desk.page)).dangers).toEqual([]);
		expect(events).toEqual([]);
		shown.push(...wanted);
	}
	expect(new Set(shown).size).toBe(all.length);
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
	const browser = await (await computer(trapped(trap))).browser();
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
	expect((await inspectFrames(desk.page)).dangers).toEqual([]);
	await desk.composer.expectSaved();
	expect(events).toEqual([]);
	expect(trap.connections).toEqual([]);
	await trap.close();
});

test('[X-privacy-a] the tooltip of a link is where it leads, whatever the letter says', async ({
	desk,
	office,
	me
}) => {
	await office.receive(me, {
		subject: 'Your account',
		html: [
			'<p title="A note">Please sign in:</p>',
			'<a href="https://evil.example/login" title="https://bank.example">https://bank.example</a>',
			'<a href="https://evil.example/form"><b title="https://bank.example">Bank</b></a>',
			'<a href="https://evil.example/a"><table><tr><td><a href="https://evil.example/b" title="x">b</a></table></a>'
		].join('')
	});
	await desk.list.open('Your account');
	const page = desk.letter.html();
	await expect(page.locator('a')).not.toHaveCount(0);
	const told = await page
		.locator('a')
		.evaluateAll((links) =>
			links.map((link) => [
				link.getAttribute('title') === link.getAttribute('href'),
				link.querySelectorAll(':not(a)[title]').length
			])
		);
	expect(told).toEqual(told.map(() => [true, 0]));
	await expect(page.locator('p')).toHaveAttribute('title', 'A note');
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
