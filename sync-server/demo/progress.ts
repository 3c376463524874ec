import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';

const progress = v.object({
	/** When the seeding was begun, milliseconds UTC: the letters are dated from there, however often it is taken up. */
	startedAt: v.pipe(v.number(), v.safeInteger()),
	isDone: v.boolean()
});
export type Progress = v.InferOutput<typeof progress>;

function fileIn(data: string): string {
	return path.join(data, 'demonstration.json');
}

/** How far the demonstration of a data folder is; null where none was begun. */
export function readProgress(data: string): Progress | null {
	const file = fileIn(data);
	return existsSync(file) ? v.parse(progress, JSON.parse(readFileSync(file, 'utf8'))) : null;
}

/** Remembers how far it is; written whole or not at all. */
export function writeProgress(data: string, now: Progress): void {
	const temporary = `${fileIn(data)}.new`;
	writeFileSync(temporary, `${JSON.stringify(now)}\n`, { flush: true });
	renameSync(temporary, fileIn(data));
}
