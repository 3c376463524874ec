import { describe, expect, it } from 'vitest';
import { tileOf } from './file-tile.ts';

describe('attachment tiles', () => {
	it('go by the ending of the name', () => {
		expect(tileOf('华南三家整改报告_v3.pdf', 'application/octet-stream')).toEqual({
			letters: 'PDF',
			hue: 25
		});
		expect(tileOf('复测数据_0915.XLSX', '')).toMatchObject({ letters: 'XLSX' });
	});

	it('fall back to the media type, then to a question mark', () => {
		expect(tileOf(null, 'image/png')).toMatchObject({ letters: 'PNG', hue: 328 });
		expect(tileOf('no ending', 'application/vnd.ms-excel').letters).toBe('?');
		expect(tileOf(null, 'nonsense').letters).toBe('?');
	});
});
