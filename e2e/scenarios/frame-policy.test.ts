import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './scenario.ts';

/** A letter that wants to do everything a page can. */
const letter = (elsewhere: string) => `
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:">
<style>p { color: rgb(1, 2, 3) }</style>
<p style="margin-left: 7px">Good day</p>
<img id="inline" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
<img src="${elsewhere}/seen.gif">
<script>top.document.title = 'script ran'</script>
<img src="x:" onerror="top.document.title = 'handler ran'">
<iframe src="${elsewhere}/frame"></iframe>
<link rel="stylesheet" href="${elsewhere}/style.css">`;

test('[X-privacy-a] a sandboxed srcdoc frame under the app’s policy keeps its inline styles and runs and fetches nothing', async ({
	page
}) => {
	const asked: (string | undefined)[] = [];
	const stranger = createServer((request, response) => {
		asked.push(request.url);
		response.end();
	});
	await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
	const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
	await page.goto('/');
	await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
	const title = await page.title();
	const look = await page.evaluate(async (html) => {
		const frame = document.createElement('iframe');
		frame.setAttribute('sandbox', 'allow-same-origin');
		const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
		frame.srcdoc = html;
		document.body.append(frame);
		await loaded;
		const inside = frame.contentDocument;
		const paragraph = inside?.querySelector('p');
		if (!inside || !paragraph) throw new Error('the frame is empty');
		const { color, marginLeft } = getComputedStyle(paragraph);
		const picture = inside.querySelector<HTMLImageElement>('#inline');
		return { color, marginLeft, picture: picture?.naturalWidth };
	}, letter(elsewhere));
	expect(look).toEqual({ color: 'rgb(1, 2, 3)', marginLeft: '7px', picture: 1 });
	expect(await page.title()).toBe(title);
	expect(asked).toEqual([]);
	stranger.close();
});
