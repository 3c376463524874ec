/** A media type without parameters (RFC 2045); what is none is unknown bytes. */
export function mediaType(type: string): string {
	const [bare = ''] = type.toLowerCase().split(';', 1);
	return /^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,60}$/.test(bare.trim())
		? bare.trim()
		: 'application/octet-stream';
}
