declare const zone: unique symbol;

/** Name of a zone of the IANA time zone database, such as `Asia/Shanghai`. */
export type TimeZone = string & { readonly [zone]: true };

/** An instant with the zone somebody meant it in, so that what their clock showed can be told, whoever reads it where. */
export interface ZonedInstant {
	/** Milliseconds UTC. */
	readonly at: number;
	readonly zone: TimeZone;
}

export const utc = 'UTC' as TimeZone;

/** Whether a string from outside may name a zone (shape and length); offsets such as `+08:00` name none. */
export function isZoneName(value: string): boolean {
	return /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value);
}

/**
 * The zone of that name; UTC where none was told, or where the database of this machine does not know it. A device's
 * may be newer, which is no reason to refuse what it says.
 */
export function zoneOf(name: string | undefined): TimeZone {
	if (name === undefined || !isZoneName(name)) return utc;
	try {
		new Intl.DateTimeFormat('en', { timeZone: name });
		return name as TimeZone;
	} catch {
		return utc;
	}
}

/** How far the clocks of the zone were ahead of UTC at the instant, in minutes; summer time is in it. */
export function zoneOffset({ at, zone: timeZone }: ZonedInstant): number {
	// Most instants are the server's own, and a format costs a tenth of a millisecond to make.
	if (timeZone === utc) return 0;
	const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
	const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
	const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
	return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}
