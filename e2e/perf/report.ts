import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Spread } from './statistics.ts';

/** One measured row beside its budget. */
export interface Row {
	readonly action: string;
	readonly unit: 'ms' | '/s' | 'MB' | 'KB' | 'requests';
	/** Measured spread, or one figure where there is only one. */
	readonly measured: Spread | number;
	readonly budget: number | null;
	/** Whether more is better, as with rates. */
	readonly atLeast?: boolean;
	readonly note?: string;
}

function figure(value: number): string {
	return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** Whether the row keeps its budget; null where there is none. The p95 counts, as architecture §6 says. */
function keepsBudget(row: Row): boolean | null {
	if (row.budget === null) return null;
	const value = typeof row.measured === 'number' ? row.measured : row.measured.p95;
	return row.atLeast === true ? value >= row.budget : value <= row.budget;
}

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
	const lines = rows.map((row) => {
		const [p50, p95] =
			typeof row.measured === 'number'
				? ['', figure(row.measured)]
				: [figure(row.measured.p50), figure(row.measured.p95)];
		const kept = keepsBudget(row);
		const verdict = kept === null ? '' : kept ? 'kept' : 'missed';
		const budget = row.budget === null ? '' : `${row.atLeast === true ? '≥ ' : '≤ '}${row.budget}`;
		return `| ${row.action} | ${p50} | ${p95} | ${budget} | ${row.unit} | ${verdict} | ${row.note ?? ''} |`;
	});
	return ['| action | p50 | p95 | budget | unit | | note |', '|---|---|---|---|---|---|---|', ...lines].join(
		'\n'
	);
}

/** Writes `docs/benchmarks/<name>.json` and `.md`. */
export async function writeReport(name: string, rows: readonly Row[]): Promise<void> {
	const folder = path.join(import.meta.dirname, '../../docs/benchmarks');
	await mkdir(folder, { recursive: true });
	const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
	const date = new Date().toISOString().slice(0, 10);
	await writeFile(
		path.join(folder, `${name}.json`),
		`${JSON.stringify({ date, machine, rows }, null, '\t')}\n`
	);
	await writeFile(path.join(folder, `${name}.md`), `# ${name}\n\n${date}, ${machine}.\n\n${tableOf(rows)}\n`);
}
