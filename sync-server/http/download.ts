/**
 * Types that are shown where they are asked for; everything else is bytes to be saved. Nothing that can carry
 * a script (HTML, SVG, XML, PDF) is among them.
 */
const safeTypes = new Set([
	'image/png',
	'image/jpeg',
	'image/gif',
	'image/webp',
	'image/avif',
	'image/bmp',
	'audio/mpeg',
	'audio/ogg',
	'audio/wav',
	'video/mp4',
	'video/webm'
]);

/** What is sent with somebody else's bytes, so that no browser ever runs them as a page of ours. */
export function downloadHeaders(name: string | null, type: string): Record<string, string> {
	return {
		'content-type': safeTypes.has(type.toLowerCase()) ? type.toLowerCase() : 'application/octet-stream',
		'content-disposition': contentDisposition(name ?? 'attachment'),
		'content-security-policy': "default-src 'none'; sandbox",
		'x-content-type-options': 'nosniff',
		'cache-control': 'private, no-store'
	};
}

/**
 * An attachment's Content-Disposition with its name twice (RFC 6266, appendix D): in ASCII for old clients, in
 * UTF-8 for the others (RFC 8187). Path separators and control characters become underscores.
 */
export function contentDisposition(name: string): string {
	const plain = name
		.replace(/[\p{Cc}/\\]/gu, '_')
		.slice(0, 200)
		.toWellFormed();
	const ascii = plain.replace(/[^\x20-\x7e]|["%]/g, '_');
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeExtended(plain)}`;
}

/** Percent-encodes all but the attr-char of RFC 8187, section 3.2.1. */
function encodeExtended(text: string): string {
	return encodeURIComponent(text).replace(
		/['()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
	);
}
