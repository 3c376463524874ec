import { describe, expect, it } from 'vitest';
import { contentDisposition, downloadHeaders } from './download.ts';

describe('the headers of somebody else’s bytes', () => {
	it.each([
		'text/html',
		'image/svg+xml',
		'application/xhtml+xml',
		'text/xml',
		'application/pdf',
		'text/plain',
		'Text/HTML',
		''
	])('never say %s', (type) => {
		expect(downloadHeaders('a', type)['content-type']).toBe('application/octet-stream');
	});

	it('say what a picture is', () => {
		expect(downloadHeaders('a.png', 'IMAGE/PNG')['content-type']).toBe('image/png');
	});

	it.each([
		['report.pdf', `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`],
		[
			'会议 纪要.pdf',
			`attachment; filename="__ __.pdf"; filename*=UTF-8''%E4%BC%9A%E8%AE%AE%20%E7%BA%AA%E8%A6%81.pdf`
		],
		['a"b\\c/d%e.txt', `attachment; filename="a_b_c_d_e.txt"; filename*=UTF-8''a%22b_c_d%25e.txt`],
		['x\r\nSet-Cookie: y', `attachment; filename="x__Set-Cookie: y"; filename*=UTF-8''x__Set-Cookie%3A%20y`],
		["it's (1)*.txt", `attachment; filename="it's (1)*.txt"; filename*=UTF-8''it%27s%20%281%29%2A.txt`],
		['\ud800', `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`]
	])('name %j in both forms', (name, expected) => {
		expect(contentDisposition(name)).toBe(expected);
	});
});
