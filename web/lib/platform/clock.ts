/** Ends what was scheduled; a second call does nothing. */
export type Cancel = () => void;

/** The device's time and timers. Everything that waits or stamps takes one, so that tests own the time. */
export interface Clock {
	/** Milliseconds since 1970-01-01 UTC, as the device believes. */
	now(): number;
	/** Calls once after that many milliseconds, unless cancelled before. */
	after(milliseconds: number, run: () => void): Cancel;
}

/** The clock of the machine. */
export const systemClock: Clock = {
	now: () => Date.now(),
	after(milliseconds, run) {
		const timer = setTimeout(run, milliseconds);
		return () => clearTimeout(timer);
	}
};
