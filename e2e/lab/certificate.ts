import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import defaultCertificate from 'smtp-server/lib/tls-options.js';

const files = { certificate: 'certificate.pem', key: 'key.pem' } as const;

/** What tells a server of the certificate in that folder. */
export function certificateIn(folder: string): Readonly<Record<string, string>> {
	return {
		HONGYAN_TLS_CERT: path.join(folder, files.certificate),
		HONGYAN_TLS_KEY: path.join(folder, files.key)
	};
}

/** Puts a certificate that nobody vouches for into a folder; from now on this process connects to whoever shows one. */
export async function writeCertificate(folder: string): Promise<void> {
	const { cert, key } = defaultCertificate({}) as { readonly cert: string; readonly key: string };
	await writeFile(path.join(folder, files.certificate), cert);
	await writeFile(path.join(folder, files.key), key);
	process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
}
