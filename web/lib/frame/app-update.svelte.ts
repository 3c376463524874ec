import { createContext } from 'svelte';

/**
 * New versions of the app. The service worker fetches one in the background and waits; it takes over when
 * the person says so, never under a letter that is being written.
 */
export class AppUpdate {
	#waiting = $state.raw<ServiceWorker | null>(null);
	#dismissed = $state.raw<ServiceWorker | null>(null);

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
		let registration: ServiceWorkerRegistration | undefined;
		const look = () => {
			this.#waiting = workers.controller === null ? null : (registration?.waiting ?? null);
		};
		const onFound = () => registration?.installing?.addEventListener('statechange', look);
		workers.register('/service-worker.js', { type: 'module', scope: '/' }).then(
			(made) => {
				registration = made;
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
				void registration?.update().catch(() => undefined);
		};
		document.addEventListener('visibilitychange', onVisible);
		return () => {
			registration?.removeEventListener('updatefound', onFound);
			workers.removeEventListener('controllerchange', onReplaced);
			document.removeEventListener('visibilitychange', onVisible);
		};
	}

	/** Puts the new version off until the next start. */
	later(): void {
		this.#dismissed = this.#waiting;
		this.#replaced = false;
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
}

/** The app's updates, for every screen. */
export const [appUpdate, provideAppUpdate] = createContext<AppUpdate>();
