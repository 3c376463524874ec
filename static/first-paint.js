/**
 * What happens before the app runs: light or dark and the language are chosen, and the list is shown as it was
 * last seen on this device (a still, kept by `web/routes/(app)/still.ts`), so that a person can look at it while
 * the app is loaded. What is pressed meanwhile is done when the app is there. The build puts this text into the page.
 */
(() => {
	const page = document.documentElement;

	/** @param {string} name */
	function kept(name) {
		try {
			return localStorage.getItem(name);
		} catch {
			// Storage is forbidden here: the device's own settings hold.
			return null;
		}
	}

	const mode = kept('hongyan.mode') ?? 'auto';
	const dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
	page.dataset.mode = dark ? 'dark' : 'light';
	document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#0d1117' : '#e9eef5');
	page.lang = kept('hongyan.locale') ?? (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
	const catalogue = document.querySelector(`meta[name="catalogue"][data-locale="${page.lang}"]`);
	if (catalogue !== null) {
		const link = document.createElement('link');
		link.rel = 'modulepreload';
		link.href = catalogue.content;
		document.head.append(link);
	}

	/** The still of this account, place, language and version of the app. @param {string} version */
	function stillFor(version) {
		const database = kept('hongyan.database');
		if (database === null) return null;
		try {
			const still = JSON.parse(kept('hongyan.still') ?? 'null');
			const fits =
				still.version === version &&
				still.database === database &&
				still.locale === page.lang &&
				still.path === location.pathname;
			return fits ? still : null;
		} catch {
			// There is none, or it is not ours.
			return null;
		}
	}

	/** Where a click goes in the app that takes the still's place. @param {Element} target */
	function placeOf(target) {
		const row = target.closest('[data-arrival]');
		if (row !== null) {
			const part = target.closest('.choose') === null ? '' : ' .choose';
			return () => document.querySelector(`[data-arrival="${row.dataset.arrival}"]${part}`);
		}
		const control = target.closest('a[href], button');
		const nameOf = (element) =>
			`${element.localName} ${element.getAttribute('href')} ${element.ariaLabel ?? element.textContent}`;
		const name = control && nameOf(control);
		return () => [...document.querySelectorAll('a[href], button')].find((other) => nameOf(other) === name);
	}

	/** Notes what is pressed. @param {(() => void)[]} presses */
	function noter(presses) {
		return (event) => {
			const isKey = event.type === 'keydown';
			if (isKey && (event.ctrlKey || event.metaKey || event.altKey || (event.key.length > 1 && event.key !== 'Enter')))
				return;
			event.preventDefault();
			event.stopImmediatePropagation();
			if (presses.length >= 20) return;
			if (isKey) {
				const { key, code, shiftKey } = event;
				const again = { key, code, shiftKey, bubbles: true, cancelable: true };
				presses.push(() => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', again)));
			} else if (event.type === 'click' && event.target instanceof Element) {
				const place = placeOf(event.target);
				presses.push(() => place()?.click());
			}
		};
	}

	/** Shows the still until it is released. */
	function show(still, element) {
		const holder = document.createElement('div');
		holder.className = 'still';
		holder.style.cssText = 'position: fixed; inset: 0; z-index: var(--z-toast); background: var(--canvas)';
		holder.innerHTML = still.html;
		// Whether all is synced is not known yet, and on another day «today» is not today.
		const unknown = still.day === new Date().toDateString() ? '[data-live]' : '[data-live], time, .heading';
		for (const part of holder.querySelectorAll(unknown)) part.style.visibility = 'hidden';
		element.prepend(holder);
		const presses = [];
		const note = noter(presses);
		const events = ['click', 'auxclick', 'contextmenu', 'dragstart', 'keydown'];
		for (const event of events) document.addEventListener(event, note, true);
		window.hongyanStill = {
			release() {
				delete window.hongyanStill;
				for (const event of events) document.removeEventListener(event, note, true);
				holder.remove();
				for (const press of presses) setTimeout(press);
			}
		};
		// An app that does not come must not leave a picture of itself.
		setTimeout(() => window.hongyanStill?.release(), 10_000);
	}

	/** Says that the app could not be fetched; whoever sees this has no service worker yet, or a broken one. */
	function tellFailure(element) {
		const text = document.createElement('p');
		text.style.cssText = 'margin: 20vh auto; max-width: 26em; padding: 0 20px; text-align: center';
		text.textContent =
			page.lang === 'en'
				? 'The app could not be loaded. What is on this device is safe. Check the connection and load the page again.'
				: '无法载入应用。本机上的内容没有丢失。请检查网络连接，然后重新载入页面。';
		element.append(text);
	}

	/** Runs once the frame that is being made has been painted. @param {() => void} run */
	function afterFrame(run) {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = run;
		port2.postMessage(null);
	}

	/** Shows the still, if there is one, then loads the app and runs it. */
	window.hongyanFirst = ({ element, version, script, run }) => {
		if (location.pathname === '/') history.replaceState(history.state, '', `/mail/inbox${location.search}`);
		const still = stillFor(version);
		const load = () => {
			const start = document.createElement('script');
			start.src = script;
			start.onload = run;
			start.onerror = () => {
				window.hongyanStill?.release();
				tellFailure(element);
			};
			document.head.append(start);
		};
		if (still === null) {
			load();
			return;
		}
		show(still, element);
		// After the still was painted; a page in the background is never painted.
		if (document.visibilityState === 'hidden') load();
		else requestAnimationFrame(() => afterFrame(load));
	};
})();
