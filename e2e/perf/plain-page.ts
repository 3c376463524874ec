import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page that does the least a mail list can do: one script reads fifty rows from IndexedDB and shows them. */
const script = `
navigator.serviceWorker.register('/worker.js');
const opening = indexedDB.open('plain', 1);
opening.onupgradeneeded = () => {
	const rows = Array.from({ length: 50 }, (_, number) => ({
		from: 'Person ' + number,
		subject: 'About the matter with the number ' + number,
		snippet: 'Some words of the letter itself, to fill a line of the list with text. '.repeat(2)
	}));
	opening.result.createObjectStore('pages').put(rows, 'inbox');
};
opening.onsuccess = () => {
	const reading = opening.result.transaction('pages').objectStore('pages').get('inbox');
	reading.onsuccess = () => {
		document.body.innerHTML = reading.result.map(({ from, subject, snippet }) =>
			'<div role="row"><div>' + from + '</div><div class="subject">' + subject + '</div><div>' + snippet + '</div></div>'
		).join('');
	};
};`;

const worker = `
const kept = ['/', '/page.js'];
self.addEventListener('install', (event) => event.waitUntil(
	caches.open('plain').then((cache) => cache.addAll(kept)).then(() => self.skipWaiting())
));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(
	caches.match(event.request).then((found) => found ?? fetch(event.request))
));`;

const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
	'/': [
		'text/html',
		'<!doctype html><meta charset="utf-8"><body><script type="module" src="/page.js"></script>'
	],
	'/page.js': ['text/javascript', script],
	'/worker.js': ['text/javascript', worker]
};

/** Serves the plain page, installed by a service worker as the app is: what no page on this machine can beat. */
export async function servePlainPage(): Promise<{ readonly address: string; close(): void }> {
	const server: Server = createServer(({ url = '' }, response) => {
		const file = files[url];
		response.writeHead(file === undefined ? 404 : 200, {
			'content-type': `${file?.[0] ?? 'text/plain'}; charset=utf-8`
		});
		response.end(file?.[1] ?? '');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		close() {
			server.close();
			server.closeAllConnections();
		}
	};
}
