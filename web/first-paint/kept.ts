/** What this device keeps under a name; null where that is nothing, or storage is forbidden: its own settings hold. */
export function kept(name: string): string | null {
	try {
		return localStorage.getItem(name);
	} catch {
		return null;
	}
}
