/** Time, and being woken at some time; tests drive one by hand. */
export interface Clock {
	/** Milliseconds UTC. */
	readonly now: () => number;
	/** Runs the action once after so many milliseconds; returns how to prevent it. Keeps no process alive. */
	readonly after: (milliseconds: number, action: () => void) => () => void;
}

/** A timer can't be set further ahead than this; who waits longer is woken early and looks again. */
const longestTimer = 2 ** 31 - 1;

/** The time of the system. */
export const systemClock: Clock = {
	now: Date.now,
	after: (milliseconds, action) => {
		const timer = setTimeout(action, Math.min(Math.max(milliseconds, 0), longestTimer));
		timer.unref();
		return () => clearTimeout(timer);
	}
};
