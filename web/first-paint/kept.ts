/** What this device keeps under a name; null where storage is forbidden too: then the device's own settings hold. */
export function kept(name: string): string | null {
	try {
		return localStorage.getItem(name);
	} catch {
		return null;
	}
}
