/** Exclusive locks among the tabs of one browser. */
export interface Locks {
	/**
	 * Waits for the lock, calls `held`, and keeps it until `signal` aborts. A tab that dies lets go of it.
	 * Aborted before it was held, `held` is never called.
	 */
	hold(name: string, signal: AbortSignal, held: () => void): void;
	/** Whether any tab holds the lock now. */
	isHeld(name: string): Promise<boolean>;
}

/** Web Locks. They exist only where the page is secure (HTTPS or localhost). */
export function webLocks(manager: LockManager): Locks {
	return {
		hold(name, signal, held) {
			manager
				.request(name, { mode: 'exclusive', signal }, () => {
					if (signal.aborted) return;
					held();
					return new Promise<void>((release) => signal.addEventListener('abort', () => release()));
				})
				.catch((error: unknown) => {
					if (!signal.aborted) throw error;
				});
		},
		async isHeld(name) {
			const { held } = await manager.query();
			return held?.some((lock) => lock.name === name) ?? false;
		}
	};
}
