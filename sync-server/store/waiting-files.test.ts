import { describe, expect, it } from 'vitest';
import type { Request } from './file-set.ts';
import { WaitingFiles } from './waiting-files.ts';

let lastId = 0;
function request(kind: string, path: string): Request {
	lastId += 1;
	return { id: lastId, kind, path, operation: 'x', input: null };
}

/** The files in the order in which they are served, each with how many requests it had. */
function served(waiting: WaitingFiles, add: (turn: number) => readonly Request[] = () => []): string[] {
	const order: string[] = [];
	for (let turn = 0; ; turn += 1) {
		const taken = waiting.take();
		if (taken.length === 0) return order;
		order.push(`${taken[0]?.path} ${taken.length}`);
		waiting.add(add(turn));
	}
}

describe('files that wait for a writer thread', () => {
	it('[S2] are served by how long they wait, each with all that waits for it', () => {
		const waiting = new WaitingFiles(new Set());
		waiting.add([request('space', 'a'), request('space', 'b'), request('space', 'a')]);
		expect(served(waiting)).toEqual(['a 2', 'b 1']);
	});

	it('[S37] let an urgent one go first, and never keep the others waiting for more than one turn of it', () => {
		const waiting = new WaitingFiles(new Set(['queue']));
		waiting.add([request('space', 'a'), request('space', 'b'), request('queue', 'q')]);
		const order = served(waiting, (turn) => (turn < 4 ? [request('queue', 'q')] : []));
		expect(order).toEqual(['q 1', 'a 1', 'q 2', 'b 1', 'q 2']);
	});

	it('[S2] share a transaction only up to a bound', () => {
		const waiting = new WaitingFiles(new Set());
		waiting.add(Array.from({ length: 300 }, () => request('space', 'a')));
		expect(served(waiting)).toEqual(['a 256', 'a 44']);
	});
});
