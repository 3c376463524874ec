/**
 * Tells in `data-more` on which sides of a row there is more than is shown, `start`, `end` or both, so that its style can hint
 * at it. An attachment; what it answers ends it.
 */
export function scrollEdges(row: HTMLElement): () => void {
	function look(): void {
		const left = row.scrollWidth - row.clientWidth - row.scrollLeft;
		row.dataset['more'] = [row.scrollLeft > 1 ? 'start' : '', left > 1 ? 'end' : ''].join(' ').trim();
	}
	const observer = new ResizeObserver(look);
	observer.observe(row);
	row.addEventListener('scroll', look, { passive: true });
	look();
	return () => {
		observer.disconnect();
		row.removeEventListener('scroll', look);
	};
}
