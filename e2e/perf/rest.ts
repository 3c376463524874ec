import { setTimeout as pause } from 'node:timers/promises'; // eslint-disable-line no-restricted-syntax -- rest is what is wanted

/** Leaves programs at rest for so many milliseconds: what is measured then begins when nothing else goes on. */
export const rest = (milliseconds: number): Promise<void> => pause(milliseconds);
