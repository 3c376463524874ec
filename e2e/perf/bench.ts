/**
 * `npm run bench`: measures every budget of the product and writes `docs/benchmarks/`. Parameters: sizes of
 * mailboxes (default 10000 100000), `--server` or `--browser` for one half. It asserts nothing.
 */
import { benchBrowser } from './browser-bench.ts';
import { tableOf, writeReport } from './report.ts';
import { benchServer } from './server-bench.ts';

const parameters = process.argv.slice(2);
const sizes = parameters.map(Number).filter((size) => size > 0);
const both = !parameters.includes('--server') && !parameters.includes('--browser');

if (both || parameters.includes('--server')) {
	const rows = await benchServer();
	await writeReport('server', rows);
	console.log(`\nserver\n${tableOf(rows)}`);
}
if (both || parameters.includes('--browser')) {
	for (const size of sizes.length > 0 ? sizes : [10_000, 100_000]) {
		const rows = await benchBrowser(size);
		await writeReport(`browser-${size}`, rows);
		console.log(`\n${size} messages\n${tableOf(rows)}`);
	}
}
