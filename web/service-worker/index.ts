import { self } from '$app/service-worker';

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
