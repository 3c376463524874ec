/** The IANA time zone the device is set to, such as `Asia/Shanghai`. */
export function deviceZone(): string {
	return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
