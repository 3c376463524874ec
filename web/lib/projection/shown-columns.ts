import { blockSize, type ColumnBlock } from '#lib/replica/state/column-block.ts';

/** The columns lists were last made from, by arrival number; what changed since is found by comparing. */
export class ShownColumns {
	flags = new Uint16Array();
	mailboxes = new Uint16Array();
	dates = new Uint32Array();

	/** How many arrival numbers there is room for. */
	get size(): number {
		return this.flags.length;
	}

	/** Takes all of these blocks and nothing else. */
	reset(blocks: ReadonlyMap<number, ColumnBlock>): void {
		this.flags = new Uint16Array();
		this.mailboxes = new Uint16Array();
		this.dates = new Uint32Array();
		this.#makeRoom(Math.max(-1, ...blocks.keys()));
		for (const [number, block] of blocks) {
			this.flags.set(block.flags, number * blockSize);
			this.mailboxes.set(block.mailboxes, number * blockSize);
			this.dates.set(block.dates, number * blockSize);
		}
	}

	/** Takes one message out of its block. */
	take(arrival: number, block: ColumnBlock): void {
		const place = arrival % blockSize;
		this.#makeRoom(Math.floor(arrival / blockSize));
		this.flags[arrival] = block.flags[place] ?? 0;
		this.mailboxes[arrival] = block.mailboxes[place] ?? 0;
		this.dates[arrival] = block.dates[place] ?? 0;
	}

	#makeRoom(lastBlock: number): void {
		const size = (lastBlock + 1) * blockSize;
		if (size <= this.size) return;
		const grown = {
			flags: new Uint16Array(size),
			mailboxes: new Uint16Array(size),
			dates: new Uint32Array(size)
		};
		grown.flags.set(this.flags);
		grown.mailboxes.set(this.mailboxes);
		grown.dates.set(this.dates);
		Object.assign(this, grown);
	}
}
