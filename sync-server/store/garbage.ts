/**
 * Collects all garbage of this thread now; it takes some ten milliseconds. What natives hold of it (files) is given
 * back when the event loop turns next, before anything that was put off with `setImmediate`. Node lends this to
 * programs that were started with `--expose-gc`, as the server is; without it garbage goes when it goes.
 */
export function collectGarbage(): void {
	globalThis.gc?.();
}
