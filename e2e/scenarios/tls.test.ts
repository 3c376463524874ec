import { expect, test } from './scenario.ts';
import { launchOptions } from '../lab/browser.ts';

const browser = launchOptions();

test.use({
	officeOptions: { tls: true },
	serviceWorkers: 'allow',
	ignoreHTTPSErrors: true,
	// A service worker is not installed from a site with a doubtful certificate, whatever the page may do.
	launchOptions: { ...browser, args: [...browser.args, '--ignore-certificate-errors'] }
});

test('[1.1-a] [X-offline-a] over TLS a letter arrives, the session is bound to this very host, and the app is installed', async ({
	desk,
	office,
	me,
	page,
	context
}) => {
	await desk.expectInstalled();
	const [session, ...others] = await context.cookies();
	expect(others).toEqual([]);
	expect(session).toMatchObject({
		name: '__Host-hongyan',
		secure: true,
		httpOnly: true,
		sameSite: 'Strict',
		path: '/'
	});

	await office.receive(me, { subject: 'Nobody reads along' });
	await expect(desk.list.row('Nobody reads along')).toBeVisible();

	await office.server.stop();
	await page.reload();
	await desk.list.open('Nobody reads along');
	await desk.letter.expectSubject('Nobody reads along');
});
