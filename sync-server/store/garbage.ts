import v8 from 'node:v8';
import vm from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Collects all garbage of this thread now; it takes some ten milliseconds. What natives hold of it (files) is given
 * back when the event loop turns next, before anything that was put off with `setImmediate`.
 */
export function collectGarbage(): void {
	if (collect === undefined) {
		// The flag counts for contexts made after it, so it takes no option of the command line.
		v8.setFlagsFromString('--expose-gc');
		collect = vm.runInNewContext('gc') as () => void;
	}
	collect();
}
