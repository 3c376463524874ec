/** A newsletter as newsletters are: tables within tables, styles inline, pictures from elsewhere. */

const articles = [
	{
		title: 'Clocks that can’t be wrong',
		text: 'A hybrid logical clock is a wall clock that never goes back. Why the later change should win, what “later” means on a laptop whose battery died, and how a server can be polite about it.',
		colour: '#1f6f8b'
	},
	{
		title: 'One cursor is enough',
		text: 'Version vectors are beautiful. A number is shorter. We follow a log of two million entries with eight bytes and look at the three cases in which that is not enough.',
		colour: '#8b5a1f'
	},
	{
		title: 'The lighthouse keeper’s inbox',
		text: 'On an island with a boat once a week, mail has been offline-first since 1883. An interview with the keeper about queues, acknowledgements and patience.',
		colour: '#4f6f3a'
	}
];

/** The newsletter as plain text. */
export const newsletterText = [
	'Local-First Weekly #118',
	...articles.map(({ title, text }) => `${title}\n${text}`),
	'You get this letter because you subscribed. Unsubscribe: https://localfirst-weekly.example/unsubscribe'
].join('\n\n');

const rows = articles
	.map(
		({ title, text, colour }) => `
<tr><td style="padding:18px 28px 4px 28px">
<table width="100%" cellpadding="0" cellspacing="0" role="presentation"><tr>
<td width="6" style="background:${colour};border-radius:3px"></td>
<td style="padding-left:16px"><h2 style="margin:0 0 6px 0;font:600 18px Georgia,serif;color:#1d2733">${title}</h2>
<p style="margin:0;font:15px/1.55 Helvetica,Arial,sans-serif;color:#46525f">${text}</p>
<p style="margin:8px 0 0 0;font:14px Helvetica,Arial,sans-serif"><a href="https://localfirst-weekly.example/118" style="color:${colour}">Read on</a></p></td>
</tr></table></td></tr>`
	)
	.join('');

/** The newsletter as HTML. */
export const newsletterHtml = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local-First Weekly</title>
<style>@media (max-width: 480px) { .wide { width: 100% !important } }</style></head>
<body style="margin:0;background:#eef1f4">
<table width="100%" cellpadding="0" cellspacing="0" role="presentation" style="background:#eef1f4"><tr><td align="center" style="padding:24px 8px">
<table class="wide" width="600" cellpadding="0" cellspacing="0" role="presentation" style="background:#ffffff;border-radius:8px">
<tr><td style="padding:26px 28px 10px 28px;border-bottom:1px solid #e2e6ea">
<img src="https://localfirst-weekly.example/logo.png" width="140" height="28" alt="Local-First Weekly" style="display:block">
<p style="margin:10px 0 0 0;font:13px Helvetica,Arial,sans-serif;color:#77828e">Issue 118 · clocks, cursors and a very old lighthouse</p></td></tr>
${rows}
<tr><td style="padding:24px 28px;font:12px/1.5 Helvetica,Arial,sans-serif;color:#8a949e">You get this letter because you subscribed.
<a href="https://localfirst-weekly.example/unsubscribe" style="color:#8a949e">Unsubscribe</a>
<img src="https://localfirst-weekly.example/open.gif?reader=118" width="1" height="1" alt=""></td></tr>
</table></td></tr></table></body></html>
`;
