/**
 * The two together, ascending by key: the later write of this device lies over the earlier, whichever of
 * them this tab heard of first.
 */
export function inKeyOrder<Value>(
	before: ReadonlyMap<number, Value>,
	added: ReadonlyMap<number, Value>
): Map<number, Value> {
	const entries = [...before, ...added];
	const isOrdered = entries.every(([key], index) => index === 0 || (entries[index - 1]?.[0] ?? 0) < key);
	return new Map(isOrdered ? entries : entries.sort(([left], [right]) => left - right));
}
