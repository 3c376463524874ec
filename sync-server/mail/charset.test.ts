import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeExactly, decodeText, expectedCharset, metaCharset } from './charset.ts';

const bytes = (text: string, encoding: string): Buffer => iconv.encode(text, encoding);

const simplified = [
	'会议通知',
	'关于项目进度的汇报',
	'请查收附件',
	'发票',
	'你好',
	'王小明',
	'李娜',
	'生日快乐！',
	'明天下午三点开会',
	'订单确认：2024年5月',
	'简历-张伟',
	'测试',
	'您的快递已签收',
	'周报',
	'报价单',
	'合同',
	'转发：周末聚餐',
	'公司年会',
	'请假条',
	'图片',
	'中文',
	'北京市朝阳区',
	'技术支持',
	'退款申请',
	'系统通知',
	'密码重置',
	'招聘',
	'采购清单',
	'人民币',
	'上海',
	'收到'
];
const traditional = [
	'會議通知',
	'關於專案進度的報告',
	'請查收附件',
	'發票',
	'你好',
	'王小明',
	'李娜',
	'生日快樂！',
	'明天下午三點開會',
	'訂單確認：2024年5月',
	'履歷-張偉',
	'測試',
	'您的包裹已送達',
	'週報',
	'報價單',
	'合約',
	'轉寄：週末聚餐',
	'公司尾牙',
	'請假單',
	'圖片',
	'中文',
	'台北市信義區',
	'技術支援',
	'退款申請',
	'系統通知',
	'密碼重設',
	'徵才',
	'採購清單',
	'新台幣',
	'香港',
	'收到'
];
const western = [
	'Café',
	'Müller',
	'für Sie',
	'España',
	'Über uns',
	'naïve résumé',
	'São Paulo',
	'Grüße aus Köln',
	'L’été'
];

describe('text without a label', () => {
	it.each([
		['gb18030', simplified],
		['big5', traditional],
		[
			'shift_jis',
			['会議のお知らせ', 'お問い合わせありがとうございます', 'ご注文の確認', 'テスト', '資料送付の件']
		],
		['euc-jp', ['会議のお知らせ', 'お問い合わせありがとうございます', 'ご注文の確認', '資料送付の件']],
		['euc-kr', ['안녕하세요', '회의 안내', '광고', '주문 확인', '서울', '감사합니다']],
		['windows-1251', ['Привет', 'Отчёт за месяц', 'Счет на оплату', 'Встреча завтра', 'Спасибо']],
		['koi8-r', ['Привет', 'Отчёт за месяц', 'Счет на оплату', 'Встреча завтра', 'Спасибо']],
		['windows-1252', western]
	])('[M9] in %s is recognised, short as it is', (encoding, texts) => {
		expect(texts.map((text) => decodeText(bytes(text, encoding), null).text)).toEqual(texts);
	});

	it('[M9] that could be two things is read as the rest of the message is', () => {
		const thanks = bytes('谢谢', 'gb18030');
		expect(decodeText(thanks, null).text).toBe('лл');
		expect(decodeText(thanks, null, 'gb18030').text).toBe('谢谢');
		const kanji = bytes('田中太郎', 'euc-jp');
		expect(decodeText(kanji, null, 'euc-jp').text).toBe('田中太郎');
		expect(traditional.map((text) => decodeText(bytes(text, 'gb18030'), null, 'gb18030').text)).toEqual(
			traditional
		);
	});

	it('[M9] of seven bits may shift', () => {
		const japanese = Buffer.from('\x1b$BF|K\\8l\x1b(B and ASCII');
		expect(decodeText(japanese, null)).toMatchObject({ text: '日本語 and ASCII', charset: 'iso-2022-jp' });
		expect(decodeText(Buffer.from('\x1b$)C\x0e>H3g\x0f!'), null).text).toBe('안녕!');
		expect(decodeText(Buffer.from('plain \x1b[0m'), null).charset).toBe('us-ascii');
	});

	it('[M9] joined from several Japanese texts loses nothing', () => {
		const word = '\x1b$BF|K\\\x1b(B';
		expect(decodeText(Buffer.from(word + word), 'iso-2022-jp').text).toBe('日本日本');
	});
});

describe('a label', () => {
	it.each([
		['gb2312 on GBK', 'gb2312', 'gb18030', ['朱镕基', '陶喆', '繁體字', '€100']],
		['gb2312 on GB 18030', 'gb2312', 'gb18030', ['你好㐀', '𠀀字']],
		['big5 on its supersets', 'big5', 'big5', ['着あ', '碁']],
		['ks_c_5601-1987 on code page 949', 'ks_c_5601-1987', 'cp949', ['똠방각하', '펲시콜라']],
		['utf-8 on GB 18030', 'utf-8', 'gb18030', ['会议通知', '请查收附件', '北京市朝阳区']],
		['us-ascii on Big5', 'us-ascii', 'big5', traditional],
		['iso-8859-1 on GB 18030', 'iso-8859-1', 'gb18030', simplified],
		['gb2312 on UTF-8', 'gb2312', 'utf-8', simplified],
		['big5 on UTF-8', 'big5', 'utf-8', traditional],
		['gb2312 on a Latin text in UTF-8', 'gb2312', 'utf-8', western],
		['iso-8859-1 on UTF-8', 'iso-8859-1', 'utf-8', [...western, '你好']],
		['iso-8859-1 on windows-1252', 'iso-8859-1', 'windows-1252', western],
		['utf-8 on windows-1252', 'utf-8', 'windows-1252', western],
		['iso-2022-jp on Shift_JIS', 'iso-2022-jp', 'shift_jis', ['会議のお知らせ', 'テスト']],
		[
			'gb2312 on a longer Big5 text',
			'gb2312',
			'big5',
			['明天下午三點開會，請查收附件', '優惠活動開始囉，歡迎使用']
		]
	])('[M8] of %s', (_, label, encoding, texts) => {
		expect(texts.map((text) => decodeText(bytes(text, encoding), label).text)).toEqual(texts);
	});

	it.each([
		['GBK', '中文'],
		['x-gbk', '中文'],
		['cp936', '中文'],
		['GB_2312-80', '中文'],
		['EUC-CN', '中文'],
		['gb2312_charset', '中文']
	])('[M8] %s is a name of GB 18030', (label, text) => {
		expect(decodeText(bytes(text, 'gb18030'), label)).toEqual({
			text,
			charset: 'gb18030',
			unknownLabel: false
		});
	});

	it.each([
		['hz-gb-2312', Buffer.from('~{VPND~} ~~ ~{VP~\nND~}'), '中文 ~ 中文'],
		['iso-2022-kr', Buffer.from('\x1b$)C\x0e>H3g\x0f'), '안녕'],
		['iso-2022-cn', Buffer.from('\x1b$)A\x0eVPND\x0f'), '中文'],
		['utf-7', Buffer.from('+Ti1lhw-!'), '中文!'],
		['cp850', Buffer.from([0x81]), 'ü'],
		['utf-16', Buffer.from('ab中', 'utf16le'), 'ab中'],
		['utf-16be', Buffer.from('ab中', 'utf16le').swap16(), 'ab中'],
		['unicode', Buffer.from('plain'), 'plain'],
		['"UTF-8"', Buffer.from('中'), '中'],
		['win-1251', bytes('Привет', 'windows-1251'), 'Привет'],
		['iso-8859-2', bytes('Łódź', 'iso-8859-2'), 'Łódź']
	])('[M8] %s is understood', (label, encoded, text) => {
		expect(decodeText(encoded, label).text).toBe(text);
	});

	it('[M8] that nobody knows is told, and the bytes are detected', () => {
		expect(decodeText(bytes('会议通知', 'gb18030'), 'x-mystery')).toMatchObject({
			text: '会议通知',
			unknownLabel: true
		});
		expect(decodeText(Buffer.from('ascii'), 'x-mystery').unknownLabel).toBe(false);
		for (let number = 0; number < 2000; number += 1) decodeText(Buffer.from('\xff'), `x-${String(number)}`);
	});

	it('[M8] yields to a byte order mark', () => {
		expect(decodeText(Buffer.from('\ufeff中'), 'gb2312').text).toBe('中');
		expect(decodeText(Buffer.from('\ufeff中', 'utf16le'), null).text).toBe('中');
		expect(decodeText(bytes('яю!', 'windows-1251'), 'windows-1251').text).toBe('яю!');
	});

	it('[M8] of UTF-8 stays on text that is damaged in places', () => {
		const damaged = Buffer.concat([
			Buffer.from('关于项目进度的汇报'),
			Buffer.from([0xe5]),
			Buffer.from('请查收')
		]);
		expect(decodeText(damaged, 'utf-8').text).toBe('关于项目进度的汇报\ufffd请查收');
	});
});

describe('a charset that is chosen', () => {
	it('[M12] is taken whatever the bytes are', () => {
		expect(decodeExactly(Buffer.from('中'), 'iso-8859-1')?.text).toBe('ä¸\u00ad');
		expect(decodeExactly(bytes('中', 'big5'), 'Big5')?.text).toBe('中');
		expect(decodeExactly(Buffer.from('a'), 'x-mystery')).toBeNull();
	});
});

describe('hints', () => {
	it('[M8] come from the HTML itself', () => {
		expect(metaCharset(Buffer.from('<html><meta charset="gbk">'))).toBe('gbk');
		expect(metaCharset(Buffer.from(`<META http-equiv=x content="text/html; charset=big5">`))).toBe('big5');
		expect(metaCharset(Buffer.from('<p>charset=gbk'))).toBeNull();
	});

	it('[M8] have one name for all spellings', () => {
		expect(['GBK', 'cp936', 'gb2312', 'utf8', 'ascii', 'x-mystery'].map(expectedCharset)).toEqual([
			...['gb18030', 'gb18030', 'gb18030', 'utf-8'],
			...[null, null]
		]);
	});
});
