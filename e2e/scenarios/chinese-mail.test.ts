import iconv from 'iconv-lite';
import { expect, test } from './scenario.ts';

test.use({ language: 'zh' });

interface ForeignLetter {
	readonly title: string;
	readonly charset: 'gb18030' | 'big5';
	readonly sender: string;
	readonly subject: string;
	readonly text: string;
	/** Says its charset, with encoded words in the header; else it has raw bytes everywhere and says nothing. */
	readonly labelled: boolean;
}

const simplified = {
	charset: 'gb18030',
	sender: '国家电网客服中心',
	subject: '关于调整居民用电价格的通知',
	text: '尊敬的用户：自下月一日起，居民生活用电价格将作如下调整，请您留意。'
} as const;
const traditional = {
	charset: 'big5',
	sender: '臺灣鐵路管理局',
	subject: '關於春節期間列車時刻表的公告',
	text: '親愛的旅客：春節期間列車班次將有調整，請您提早訂購車票，謝謝您的合作。'
} as const;

const letters: readonly ForeignLetter[] = [
	{ title: 'GB18030, labelled', ...simplified, labelled: true },
	{ title: 'GB18030, not labelled', ...simplified, labelled: false },
	{ title: 'Big5, labelled', ...traditional, labelled: true },
	{ title: 'Big5, not labelled', ...traditional, labelled: false }
];

/** The letter's bytes as programs of its time wrote them. */
function bytesOf({ charset, sender, subject, text, labelled }: ForeignLetter): Buffer {
	const word = (words: string) =>
		labelled ? `=?${charset}?B?${iconv.encode(words, charset).toString('base64')}?=` : words;
	const head = [
		`From: ${word(sender)} <service@outside.example>`,
		`To: reader@hongyan.example`,
		`Subject: ${word(subject)}`,
		'MIME-Version: 1.0',
		...(labelled ? [`Content-Type: text/plain; charset=${charset}`, 'Content-Transfer-Encoding: 8bit'] : [])
	];
	return iconv.encode([...head, '', text, ''].join('\r\n'), charset);
}

for (const letter of letters) {
	test(`[2.1.1-a] a Chinese letter in ${letter.title}, shows its sender, subject and text`, async ({
		desk,
		office,
		me
	}) => {
		const raw = bytesOf(letter);
		await office.receiveRaw(me, raw);
		await desk.list.expectSubjects([letter.subject]);
		await expect(desk.list.row(letter.subject)).toContainText(letter.sender);
		await expect(desk.list.row(letter.subject)).toContainText(letter.text.slice(0, 12));
		await desk.list.open(letter.subject);
		await expect(desk.letter.text).toHaveText(letter.text);

		const server = await office.mailboxOf(me);
		const stored = await server.raw(0);
		expect(stored.subarray(stored.length - raw.length).equals(raw)).toBe(true);
	});
}

test('[2.1.1-a] a Chinese letter in HTML that names GB2312 but uses more is read as GB18030', async ({
	desk,
	office,
	me
}) => {
	const html =
		'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body><p>朱镕基、喆、堃、䶮。€</p></body></html>';
	const head =
		'From: a@outside.example\r\nTo: b@hongyan.example\r\nSubject: =?gb2312?B?' +
		`${iconv.encode('王喆的信', 'gb18030').toString('base64')}?=\r\nContent-Type: text/html; charset=gb2312\r\n` +
		'Content-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\n';
	const body = iconv.encode(html, 'gb18030').toString('base64').replace(/.{76}/g, '$&\r\n');
	await office.receiveRaw(me, Buffer.from(`${head}${body}\r\n`));
	await desk.list.open('王喆的信');
	await expect(desk.letter.html().locator('p')).toHaveText('朱镕基、喆、堃、䶮。€');
});
