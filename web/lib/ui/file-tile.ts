/** The tile of an attachment: up to four letters and a hue (degrees, OKLCH). */
export interface FileTile {
	readonly letters: string;
	readonly hue: number;
}

const families: readonly { readonly hue: number; readonly endings: readonly string[] }[] = [
	{ hue: 25, endings: ['pdf', 'ps'] },
	{ hue: 150, endings: ['xls', 'xlsx', 'csv', 'ods', 'et', 'numbers'] },
	{ hue: 250, endings: ['doc', 'docx', 'odt', 'rtf', 'wps', 'pages', 'txt', 'md'] },
	{ hue: 55, endings: ['ppt', 'pptx', 'odp', 'dps', 'key'] },
	{ hue: 328, endings: ['png', 'jpg', 'jpeg', 'gif', 'webp', 'heic', 'svg', 'bmp', 'tif', 'tiff', 'avif'] },
	{ hue: 295, endings: ['mp4', 'mov', 'avi', 'mkv', 'webm', 'mp3', 'wav', 'ogg', 'm4a', 'flac'] },
	{ hue: 92, endings: ['zip', 'rar', '7z', 'gz', 'tar', 'bz2', 'xz'] },
	{ hue: 195, endings: ['eml', 'ics', 'vcf', 'msg'] }
];

/** The tile for a file, by the ending of its name, else by its media type. */
export function tileOf(name: string | null, type: string): FileTile {
	const ending = /\.([\p{L}\p{N}]{1,8})$/u.exec(name ?? '')?.[1]?.toLowerCase() ?? subtypeOf(type);
	const family = families.find(({ endings }) => endings.includes(ending));
	const letters = ending === '' ? '?' : ending.slice(0, 4).toUpperCase();
	return { letters, hue: family?.hue ?? 230 };
}

/** `application/vnd.ms-excel` says nothing in four letters; short subtypes such as `png` do. */
function subtypeOf(type: string): string {
	const subtype = type.split('/')[1]?.replace(/^x-/, '') ?? '';
	return /^[a-z0-9]{1,5}$/.test(subtype) ? subtype : '';
}
