import { isZoneName } from '#schema/zoned-instant.ts';

/**
 * The IANA time zone the device is set to, such as `Asia/Shanghai`; undefined where it is set to none, but to an offset,
 * which is refused where a zone is asked for.
 */
export function deviceZone(): string | undefined {
	const { timeZone } = new Intl.DateTimeFormat().resolvedOptions() as { readonly timeZone?: string };
	return timeZone !== undefined && isZoneName(timeZone) ? timeZone : undefined;
}
