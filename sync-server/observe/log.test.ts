import { describe, expect, it } from 'vitest';
import { createLogger } from './log.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
	let output = '';
	write(createLogger('debug', { write: (line) => (output += line) }));
	return output;
}

describe('the log', () => {
	it('is one JSON object a line, with time, level and event', () => {
		const line = logged((log) => log.info({ space: 's1' }, 'opened'));
		expect(JSON.parse(line)).toMatchObject({ level: 'info', space: 's1', event: 'opened' });
	});

	it.each(['password', 'token', 'cookie', 'subject', 'text', 'html', 'letter', 'set-cookie'])(
		'never shows %s, one level down or two either',
		(field) => {
			const secret = 'a secret of somebody';
			const output = logged((log) => {
				log.warn({ [field]: secret }, 'first');
				log.warn({ request: { [field]: secret } }, 'second');
				log.warn({ request: { body: 1, headers: { [field]: secret } } }, 'third');
			});
			expect(output).not.toContain(secret);
			expect(output.split('\n')).toHaveLength(4);
		}
	);

	it('cuts what an error says to one line, and keeps where it came from', () => {
		const error = Object.assign(new Error(`refused\n${'letter text '.repeat(100)}`), { code: 'EFAIL' });
		const line = logged((log) => log.error({ err: error }, 'failed'));
		expect(line).not.toContain('letter text');
		expect(JSON.parse(line)).toMatchObject({ err: { type: 'Error', code: 'EFAIL', detail: 'refused' } });
		expect(line).toContain('log.test.ts');
	});
});
