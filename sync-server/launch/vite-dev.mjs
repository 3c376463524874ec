/**
 * Vite for `npm run dev`, on Node 24. What is the server's it passes on to where the configuration says that the
 * server listens. With a certificate Vite serves by https too: the server takes requests from its own origin only.
 */
import { createServer } from 'vite';
import { ConfigurationError, readConfiguration } from '../config.ts';

/** Where Vite hands on, and with what it serves. */
function serverOptions() {
	const { host, ports, tls } = readConfiguration();
	const own = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
	const reached = own.includes(':') ? `[${own}]` : own;
	const target = `${tls === null ? 'http' : 'https'}://${reached}:${ports.http}`;
	return {
		// The certificate is for the name that people open, not for this machine's.
		proxy: { '^/(api|ws|healthz|readyz|metrics)(/|\\?|$)': { target, ws: true, secure: false } },
		...(tls === null ? {} : { https: { cert: tls.certificate, key: tls.key } })
	};
}

try {
	const vite = await createServer({ server: serverOptions() });
	await vite.listen();
	vite.printUrls();
	vite.bindCLIShortcuts({ print: true });
} catch (error) {
	console.error(error instanceof ConfigurationError ? error.message : error);
	process.exit(1);
}
