import { test as base } from '@playwright/test';
import { LabServer, type LabServerOptions } from './server.ts';
import { SmtpSink } from './smtp-sink.ts';

interface LabFixtures {
	/** What the server is told, set by `test.use({ serverOptions: … })`. */
	serverOptions: LabServerOptions;
	/** The mail server of the outside world. */
	sink: SmtpSink;
	/** The real server, fresh for each test, with the demonstration organisation and the sink as smarthost. */
	server: LabServer;
}

/**
 * Playwright's `test` with the lab: `server` runs the real server and `sink` is where its letters to the
 * outside arrive. `page.goto('/')` opens the server's web app. A test that fails has the server's log attached.
 */
export const test = base.extend<LabFixtures>({
	serverOptions: [{}, { option: true }],

	sink: async ({}, use) => {
		const sink = await SmtpSink.listen();
		await use(sink);
		await sink.close();
	},

	server: async ({ sink, serverOptions }, use, testInfo) => {
		const server = await LabServer.start({ smarthost: sink.address, ...serverOptions });
		await use(server);
		if (testInfo.status !== testInfo.expectedStatus) {
			await testInfo.attach('server log', { body: server.log, contentType: 'text/plain' });
		}
		await server.dispose();
	},

	baseURL: async ({ server }, use) => {
		await use(server.address);
	}
});

export { expect } from '@playwright/test';
