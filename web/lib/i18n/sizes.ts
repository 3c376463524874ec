import type { Locale } from './locale.ts';

const units = ['B', 'KB', 'MB', 'GB'] as const;

/** Bytes as people read them: `386 KB`, `2.4 MB`; decimal multiples, one decimal below ten. */
export function byteSize(bytes: number, locale: Locale): string {
	let value = Math.max(0, bytes);
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit += 1;
	}
	const digits = unit > 0 && value < 9.95 ? 1 : 0;
	const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
	return `${number} ${units[unit] ?? 'B'}`;
}
