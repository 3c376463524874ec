import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { Computer } from '../lab/computer.ts';
import { Office } from '../lab/office.ts';
import type { Person } from '../lab/people.ts';
import type { LabServerOptions } from '../lab/server.ts';
import { Desk } from '../pages/desk.ts';
import type { Language } from '../pages/words.ts';

/** What every office's server is told, unless a file wants it otherwise. */
const ofEveryOffice = {
	/** Letters leave this soon after they are sent. */
	HONGYAN_UNDO_SECONDS: '1',
	/** As long as names of companies are. */
	HONGYAN_ORGANISATION_NAME: '岭川精密仪器（苏州）有限公司'
};

interface WorkerFixtures {
	/** What the office's server is told besides. */
	officeOptions: LabServerOptions;
	/** The office as the worker keeps it; tests use `office`, whose server is running. */
	keptOffice: Office;
}

interface Fixtures {
	/** The language of the screens. */
	language: Language;
	/** The company all tests of a worker share; its server is running when a test begins. */
	office: Office;
	/** Somebody whose mailbox is empty. */
	me: Person;
	/** Another one. */
	colleague: Person;
	/** Somebody's screen in a browser of its own, signed in; its clock is so many days ahead, or behind. */
	deskOf: (person: Person, options?: BrowserContextOptions, daysAhead?: number) => Promise<Desk>;
	/** My screen, signed in. */
	desk: Desk;
	/** Lets letters come to me one after another until my screen shows them, with the app installed on its device. */
	installedWith: (...subjects: readonly string[]) => Promise<void>;
	/** Another tab of my browser, opened at an address. */
	nextTab: (address: string) => Promise<Desk>;
	/** A computer whose browser can be closed and opened again; `browserOptions` are those of the browser. */
	computer: (args?: readonly string[]) => Promise<Computer>;
}

/** Makes every page of the browser believe that it is so many days later, or earlier. */
async function shiftClock(context: BrowserContext, days: number): Promise<void> {
	await context.addInitScript((milliseconds) => {
		const RealDate = Date;
		const now = () => RealDate.now() + milliseconds;
		globalThis.Date = new Proxy(RealDate, {
			construct: (target, given, self) =>
				Reflect.construct(target, given.length === 0 ? [now()] : given, self) as Date,
			get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown))
		});
	}, days * 86_400_000);
}

/** Signs in at a page. */
async function openDesk(page: Page, person: Person, language: Language): Promise<Desk> {
	const desk = new Desk(page, language);
	await desk.signIn.open();
	await desk.signIn.signIn(person);
	await desk.expectSynced();
	return desk;
}

/** Playwright's `test` with a company, its people and their screens. */
export const test = base.extend<Fixtures, WorkerFixtures>({
	officeOptions: [{}, { option: true, scope: 'worker' }],

	keptOffice: [
		async ({ officeOptions }, use) => {
			const environment = { ...ofEveryOffice, ...officeOptions.environment };
			const office = await Office.open({ ...officeOptions, environment });
			await use(office);
			await office.close();
		},
		{ scope: 'worker', timeout: 120_000 }
	],

	office: async ({ keptOffice }, use, testInfo) => {
		const begins = keptOffice.server.log.length;
		await keptOffice.prepare();
		await use(keptOffice);
		if (testInfo.status !== testInfo.expectedStatus) {
			const body = keptOffice.server.log.slice(begins);
			await testInfo.attach('server log', { body, contentType: 'text/plain' });
		}
	},

	language: ['en', { option: true }],
	locale: async ({ language }, use) => use(language === 'zh' ? 'zh-CN' : 'en-GB'),
	baseURL: async ({ office }, use) => use(office.server.address),

	me: async ({ office }, use) => use(office.newPerson()),
	colleague: async ({ office }, use) => use(office.newPerson()),

	deskOf: async ({ browser, language, baseURL, locale, viewport }, use) => {
		const contexts: BrowserContext[] = [];
		await use(async (person, options = {}, daysAhead = 0) => {
			const context = await browser.newContext({
				...(baseURL === undefined ? {} : { baseURL }),
				...(locale === undefined ? {} : { locale }),
				viewport,
				...options
			});
			contexts.push(context);
			if (daysAhead !== 0) await shiftClock(context, daysAhead);
			return openDesk(await context.newPage(), person, language);
		});
		for (const context of contexts) await context.close();
	},

	desk: async ({ page, me, language }, use) => {
		await use(await openDesk(page, me, language));
	},

	installedWith: async ({ desk, office, me }, use) => {
		await use(async (...subjects) => {
			for (const subject of subjects) await office.receive(me, { subject });
			await desk.list.expectSubjects(subjects.toReversed());
			await desk.expectInstalled();
		});
	},

	nextTab: async ({ context, language }, use) => {
		await use(async (address) => {
			const tab = new Desk(await context.newPage(), language);
			await tab.page.goto(address);
			return tab;
		});
	},

	computer: async ({ launchOptions, baseURL, locale, viewport }, use) => {
		const computers: Computer[] = [];
		await use(async (args = []) => {
			const computer = await Computer.make({
				...launchOptions,
				args: [...(launchOptions.args ?? []), ...args],
				...(baseURL === undefined ? {} : { baseURL }),
				...(locale === undefined ? {} : { locale }),
				viewport
			});
			computers.push(computer);
			return computer;
		});
		for (const computer of computers) await computer.dispose();
	}
});

export { expect } from '@playwright/test';
