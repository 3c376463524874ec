/** Percentiles of what was measured. */
export interface Spread {
	readonly count: number;
	readonly p50: number;
	readonly p95: number;
}

/** The nearest-rank percentile of the values, in their unit; NaN of nothing. */
function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** p50 and p95 of the values. */
export function spreadOf(values: readonly number[]): Spread {
	return { count: values.length, p50: percentile(values, 0.5), p95: percentile(values, 0.95) };
}
