import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, haveCorpora, tellWithoutCorpora } from '../../e2e/outside/corpora.ts';
import { parseMessage } from './parse.ts';
import { joinThread, type Span, type ThreadLookup } from './thread.ts';

const folder = 'threads/spamassassin-lists';
tellWithoutCorpora('Mailing lists are not threaded.');

type Tree = string | readonly Tree[];
const flat = (tree: Tree): string[] => (typeof tree === 'string' ? [tree] : tree.flatMap(flat));

/** A union-find over threads, as a space keeps it. */
class Threads implements ThreadLookup<number> {
	readonly #parents: number[] = [];
	readonly #ids = new Map<string, number>();
	readonly #subjects = new Map<string, { readonly thread: number; readonly at: number }[]>();

	root(thread: number): number {
		const parent = this.#parents[thread]!;
		return parent === thread ? thread : this.root(parent);
	}

	byMessageId(id: string): number | null {
		const thread = this.#ids.get(id);
		return thread === undefined ? null : this.root(thread);
	}

	byBaseSubject(subject: string, { from, to }: Span): number | null {
		const within = (this.#subjects.get(subject) ?? []).filter(({ at }) => at >= from && at <= to);
		const latest = within.toSorted((left, right) => right.at - left.at)[0];
		return latest ? this.root(latest.thread) : null;
	}

	add(message: ReturnType<typeof parseMessage>): number {
		const at = message.summary.sentAt ?? 0;
		const join = joinThread(message.threadKeys, at, this);
		const [thread = this.#parents.push(this.#parents.length) - 1, ...others] =
			join.kind === 'join' ? join.threads : [];
		for (const other of others) this.#parents[other] = thread;
		for (const id of join.remember) this.#ids.set(id, thread);
		const subject = message.threadKeys.baseSubject;
		this.#subjects.set(subject, [...(this.#subjects.get(subject) ?? []), { thread, at }]);
		return thread;
	}
}

/** The threads of the corpus, each a list of files, when its messages come in some order. */
function threadsOf(files: readonly string[]): string[][] {
	const threads = new Threads();
	const placed = files.map((file) => ({
		file,
		thread: threads.add(parseMessage(corpusFile(`${folder}/${file}`)))
	}));
	const groups = Map.groupBy(placed, ({ thread }) => threads.root(thread));
	return [...groups.values()].map((group) => group.map(({ file }) => file).sort()).sort();
}

/**
 * Where the threads here are not Dovecot's. Messages 00366 and 00598 have the obsolete
 * `In-Reply-To: Message from Gary … <garym@…> of … <id>`. Dovecot takes the address for an identifier: so the
 * replies to two different letters of one person ("Java is for kiddies", "Slaughter in the Name of God") become one
 * thread, and 00598 leaves the letter it answers. RFC 5256 section 2.2 wants the identifier of a message.
 */
const slaughter = ['00598.eml', '00600.eml', '00603.eml', '00605.eml', '00607.eml', '00608.eml', '00609.eml'];

describe.skipIf(!haveCorpora)('the threads of mailing lists', () => {
	const files = corpusFiles(folder)
		.filter((name) => name.endsWith('.eml'))
		.map((name) => path.basename(name));
	const expected = (): string[][] => {
		const trees = JSON.parse(corpusFile('expected/threads-spamassassin-lists.json').toString()) as {
			readonly REFERENCES: readonly Tree[];
		};
		const groups = trees.REFERENCES.map(flat);
		return groups
			.map((group) => {
				if (group.includes('00366.eml')) return group.filter((file) => !slaughter.includes(file));
				return group.includes('00597.eml') ? [...group, ...slaughter] : group;
			})
			.map((group) => group.sort())
			.sort();
	};

	it('[M20] [2.4-a] are those of IMAP THREAD=REFERENCES when letters come in the order they were sent', () => {
		const sentAt = (file: string): number =>
			parseMessage(corpusFile(`${folder}/${file}`)).summary.sentAt ?? 0;
		const inOrder = files.toSorted((left, right) => sentAt(left) - sentAt(right));
		expect(threadsOf(inOrder)).toEqual(expected());
	});

	it('[M20] are the same when they come newest first, as an import brings them', () => {
		const sentAt = (file: string): number =>
			parseMessage(corpusFile(`${folder}/${file}`)).summary.sentAt ?? 0;
		const newestFirst = files.toSorted((left, right) => sentAt(right) - sentAt(left));
		expect(threadsOf(newestFirst)).toEqual(expected());
	});
});
