import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self } from '$app/service-worker';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

/**
 * Keeps the whole app on the device, so that it opens at any address with the server gone. A new version is
 * fetched in the background and waits until the page asks it to take over.
 */
const absolute = (path: string) => (path.startsWith('/') ? path : `/${path}`);

precacheAndRoute([
	...immutable.map(({ path }) => ({ url: absolute(path), revision: null })),
	...assets.map(({ path }) => ({ url: absolute(path), revision: version })),
	{ url: '/index.html', revision: version }
]);
cleanupOutdatedCaches();

/** What the server alone can answer. */
const serverPaths = [/^\/api\//, /^\/ws$/, /^\/(?:healthz|readyz|metrics)$/];
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: serverPaths }));

self.addEventListener('message', (event) => {
	const message: unknown = event.data;
	const asked =
		typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'take-over';
	if (asked) void self.skipWaiting();
});

self.addEventListener('activate', (event) => {
	event.waitUntil(self.clients.claim());
});
