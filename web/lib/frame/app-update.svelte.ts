import { createContext } from 'svelte';

/** Resolves when a service worker that is being fetched waits, or came to nothing. */
function fetched(worker: ServiceWorker): Promise<void> {
	return new Promise((resolve) => {
		const look = () => {
			if (worker.state !== 'installing') resolve();
		};
		worker.addEventListener('statechange', look);
		look();
	});
}

/**
 * New versions of the app. The service worker fetches one in the background and waits; it takes over when
 * the person says so, never under a letter that is being written.
 */
export class AppUpdate {
	#waiting = $state.raw<ServiceWorker | null>(null);
	#dismissed = $state.raw<ServiceWorker | null>(null);
	#registration: ServiceWorkerRegistration | undefined;

	/** Another tab let a new version take over: what this page has not fetched yet is gone. */
	#replaced = $state(false);

	/** A part of the app could not be fetched, so what needed it did nothing. */
	#incomplete = $state(false);

	/** Whether a part of the app is missing until it is loaded anew. */
	get incomplete(): boolean {
		return this.#incomplete;
	}

	/** Whether a new version is ready and was not put off. */
	get ready(): boolean {
		return this.#replaced || (this.#waiting !== null && this.#waiting !== this.#dismissed);
	}

	/** Notices parts of the app that can't be fetched; returns the end of it. */
	watchParts(): () => void {
		const onMissing = () => (this.#incomplete = true);
		window.addEventListener('vite:preloadError', onMissing);
		return () => window.removeEventListener('vite:preloadError', onMissing);
	}

	/** Registers the service worker and watches for new ones; returns the end of watching. */
	register(): () => void {
		const workers = (navigator as Partial<Navigator>).serviceWorker;
		if (workers === undefined) return () => undefined;
		const look = () => this.#look();
		const onFound = () => this.#registration?.installing?.addEventListener('statechange', look);
		workers.register('/service-worker.js', { type: 'module', scope: '/' }).then(
			(made) => {
				this.#registration = made;
				made.addEventListener('updatefound', onFound);
				look();
			},
			// Forbidden by the browser's settings: the app works, it only can't be opened without the server.
			() => undefined
		);
		let hadController = workers.controller !== null;
		const onReplaced = () => {
			this.#replaced = hadController;
			hadController = true;
		};
		workers.addEventListener('controllerchange', onReplaced);
		const onVisible = () => {
			if (document.visibilityState === 'visible' && navigator.onLine)
				// The server can't be reached just now: this version works on, and the next look asks again.
				void this.#registration?.update().catch(() => undefined);
		};
		document.addEventListener('visibilitychange', onVisible);
		return () => {
			this.#registration?.removeEventListener('updatefound', onFound);
			workers.removeEventListener('controllerchange', onReplaced);
			document.removeEventListener('visibilitychange', onVisible);
		};
	}

	/** Puts the new version off until the next start. */
	later(): void {
		this.#dismissed = this.#waiting;
		this.#replaced = false;
	}

	/**
	 * Brings the newest version, also one that was not heard of yet, and loads it: an app that is too old for its
	 * server would come back as it is by a reload alone.
	 */
	async renew(): Promise<void> {
		const registration = this.#registration;
		await registration?.update().catch(() => undefined);
		const coming = registration?.installing ?? null;
		if (coming !== null) await fetched(coming);
		this.#look();
		this.take();
	}

	/** Lets the new version take over, and loads it. */
	take(): void {
		if (this.#waiting === null) {
			location.reload();
			return;
		}
		navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
		this.#waiting.postMessage({ kind: 'take-over' });
	}

	#look(): void {
		const isFirst = navigator.serviceWorker.controller === null;
		this.#waiting = isFirst ? null : (this.#registration?.waiting ?? null);
	}
}

/** The app's updates, for every screen. */
export const [appUpdate, provideAppUpdate] = createContext<AppUpdate>();
