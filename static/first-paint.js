// Chooses light or dark, and the language, before anything is painted. A file of its own, so that the page
// needs no inline script for it.
(() => {
	const page = document.documentElement;
	let mode = 'auto';
	let locale = null;
	try {
		mode = localStorage.getItem('hongyan.mode') ?? 'auto';
		locale = localStorage.getItem('hongyan.locale');
	} catch {
		// Storage is forbidden here: the device's own settings hold.
	}
	const dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
	page.dataset.mode = dark ? 'dark' : 'light';
	document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#0d1117' : '#e9eef5');
	page.lang = locale ?? (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
	const catalogue = document.querySelector(`meta[name="catalogue"][data-locale="${page.lang}"]`);
	if (catalogue !== null) {
		const link = document.createElement('link');
		link.rel = 'modulepreload';
		link.href = catalogue.content;
		document.head.append(link);
	}
})();
