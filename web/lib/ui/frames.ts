/** Runs once what was changed has been painted; at once where the page is not on the screen, since nothing is. */
export function afterPaint(run: () => void): void {
	if (document.visibilityState === 'hidden') {
		run();
		return;
	}
	requestAnimationFrame(() => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			run();
		};
		port2.postMessage(null);
	});
}
