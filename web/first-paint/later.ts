/** Calls back once after that many milliseconds, as `setTimeout` does. */
export type Later = (run: () => void, milliseconds: number) => unknown;
