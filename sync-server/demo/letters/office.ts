import type { Letter } from '../letter.ts';
import { newsletterHtml, newsletterText } from './newsletter.ts';

/** Everyday letters of an office, and what comes from outside without being asked. */
export const officeLetters: readonly Letter[] = [
	{
		id: 'welcome',
		from: 'chen.siyuan',
		to: [
			'lin.xiaowen',
			'zhao.yuqing',
			'emily.carter',
			'wang.zhiqiang',
			'daniel.kim',
			'liu.yang',
			'sofia.rossi'
		],
		subject: '欢迎使用鸿雁 · Welcome to Hongyan',
		sent: { daysAgo: 21, at: '09:00' },
		text: `各位同事：

从今天起，公司的邮件都在鸿雁里。断了网也能读、能写、能归类，网络一恢复就自动送出。按 ? 可以看到所有快捷键。

Dear all,

From today our mail lives in Hongyan. Read, write and file with no network at all; whatever you did goes out when the network is back. Press ? to see the keyboard shortcuts.

陈思远 Chen Siyuan`,
		readings: { 'daniel.kim': { mailbox: 'archive' }, 'wang.zhiqiang': { mailbox: 'archive' } }
	},
	{
		id: 'budget',
		from: 'chen.siyuan',
		to: ['lin.xiaowen', 'emily.carter', 'liu.yang'],
		subject: '明年预算表，请周三前填好',
		sent: { daysAgo: 8, at: '08:47' },
		files: ['budget.xlsx'],
		text: `晓雯、Emily、刘洋：

明年的预算表在附件里，请各自填写本部门的三行：人员、设备、差旅。数字不用精确到个位，但请写明依据。

周三下班前发回给我，周四和财务过一遍。

思远`,
		readings: {
			'emily.carter': { keywords: ['$flagged'], unread: true },
			'lin.xiaowen': { keywords: ['$done'] }
		}
	},
	{
		id: 'budget-lin',
		from: 'lin.xiaowen',
		to: ['chen.siyuan'],
		subject: 'Re: 明年预算表，请周三前填好',
		sent: { daysAgo: 6, at: '18:10' },
		answers: 'budget',
		files: ['budget.xlsx'],
		text: `思远，

产品与设计部的三行填好了。设备一项比去年多两万：雨晴的显示器用了六年，颜色已经不准了。

晓雯`
	},
	{
		id: 'minutes',
		from: 'daniel.kim',
		to: ['emily.carter', 'wang.zhiqiang', 'lin.xiaowen', 'zhao.yuqing'],
		subject: 'Minutes of Monday’s stand-up',
		sent: { daysAgo: 4, at: '10:31' },
		files: ['minutes.txt'],
		text: `Hi all,

Minutes attached. In short: storage is done, search is a week behind, and the list is fast enough that we stopped measuring it by hand.

Daniel`
	},
	{
		id: 'lunch',
		from: 'zhao.yuqing',
		to: ['daniel.kim', 'wang.zhiqiang', 'sofia.rossi'],
		subject: '周五中午吃什么？',
		sent: { daysAgo: 2, at: '11:05' },
		text: `周五中午请大家吃饭，庆祝 rc1！

备选：一，楼下的云南菜；二，河边那家新开的面馆；三，Sofia 推荐的意大利餐厅（要走十五分钟）。

回复数字就行，少数服从多数，不吃辣的人有一票否决权。

雨晴`
	},
	{
		id: 'lunch-daniel',
		from: 'daniel.kim',
		to: ['zhao.yuqing'],
		cc: ['wang.zhiqiang', 'sofia.rossi'],
		subject: 'Re: 周五中午吃什么？',
		sent: { daysAgo: 2, at: '11:09' },
		answers: 'lunch',
		text: `2! (I was promised noodles in March.)

Daniel`
	},
	{
		id: 'lunch-wang',
		from: 'wang.zhiqiang',
		to: ['zhao.yuqing', 'daniel.kim', 'sofia.rossi'],
		subject: '答复: 周五中午吃什么？',
		sent: { daysAgo: 2, at: '11:30' },
		answers: 'lunch-daniel',
		text: `2。面馆，不要香菜。`
	},
	{
		id: 'hotel',
		from: 'hotel.bund',
		to: ['liu.yang'],
		subject: '预订确认：外滩码头酒店，两晚',
		sent: { daysAgo: 3, at: '20:14' },
		text: `刘洋先生：

您的预订已确认。

房型：江景大床房，一间
入住：下周二 14:00 以后
退房：下周四 12:00 以前
含早餐，可免费取消至入住前一天 18:00

确认号 BH-204817。期待您的光临。

外滩码头酒店`,
		readings: { 'liu.yang': { mailbox: 'archive' } }
	},
	{
		id: 'invoice',
		from: 'billing.cloudhost',
		to: ['emily.carter'],
		cc: ['chen.siyuan'],
		subject: 'Your invoice CH-10482',
		sent: { daysAgo: 10, at: '06:00' },
		files: ['invoice.pdf'],
		text: `Hello,

your invoice CH-10482 over EUR 184.00 is attached. The amount will be collected on the 15th.

Cloudhost Billing
This mailbox is not read.`,
		readings: { 'chen.siyuan': { keywords: ['$done'] } }
	},
	...(['lin.xiaowen', 'emily.carter', 'daniel.kim'] as const).map((reader): Letter => ({
		id: `digest-${reader.replace('.', '-')}`,
		from: 'digest.localfirst',
		to: [reader],
		subject: 'Local-First Weekly #118: clocks, cursors and a very old lighthouse',
		sent: { daysAgo: 1, at: '07:30' },
		text: newsletterText,
		html: newsletterHtml
	})),
	{
		id: 'prize',
		from: 'prize.office',
		to: ['sofia.rossi'],
		subject: 'CONGRATULATIONS!!! Your address has won',
		sent: { daysAgo: 5, at: '03:33' },
		text: `Dear winner,

your e-mail address was drawn and has won 850,000. To receive the sum reply with your full name, bank and a copy of your passport within 24 hours.

Do not tell anybody before the payment.`,
		readings: { 'sofia.rossi': { mailbox: 'junk', unread: true } }
	},
	{
		id: 'today',
		from: 'chen.siyuan',
		to: ['lin.xiaowen', 'emily.carter'],
		cc: ['liu.yang'],
		subject: '今天下午四点，十分钟：3.2 发不发',
		sent: { minutesAgo: 38 },
		text: `晓雯、Emily：

下午四点在小会议室碰十分钟，只决定一件事：3.2 周四发不发。

请带上三个数字：双设备测试跑了多少次、还剩几个已知问题、Sofia 客户名单里谁会最先发现问题。

思远`
	}
];
