import type { Letter } from '../letter.ts';

/** The work on a release: plan, review, a problem found and solved. */
export const releaseLetters: readonly Letter[] = [
	{
		id: 'plan',
		from: 'lin.xiaowen',
		to: ['emily.carter', 'zhao.yuqing', 'wang.zhiqiang', 'daniel.kim'],
		cc: ['chen.siyuan'],
		subject: '3.2 版本计划：离线优先，请各位确认',
		sent: { daysAgo: 19, at: '09:42' },
		files: ['roadmap.pdf'],
		text: `各位好：

3.2 的主题定为“离线优先”。路线图见附件，要点如下：

1. 断网时读信、归类、写信全部可用，联网后自动同步；
2. 首次登录后三秒内能看到收件箱；
3. 中文搜索支持两个字的词，例如“合同”“会议”。

请在周五下班前回复两件事：一是你负责部分的工作量估计，二是你认为最大的风险。没有回复的按同意处理。

晓雯`,
		readings: { 'emily.carter': { keywords: ['$flagged'] }, 'chen.siyuan': { keywords: ['$important'] } }
	},
	{
		id: 'plan-emily',
		from: 'emily.carter',
		to: ['lin.xiaowen'],
		cc: ['zhao.yuqing', 'wang.zhiqiang', 'daniel.kim', 'chen.siyuan'],
		subject: 'Re: 3.2 版本计划：离线优先，请各位确认',
		sent: { daysAgo: 19, at: '14:05' },
		answers: 'plan',
		text: `Hi Xiaowen,

Looks right to me. Estimates for engineering, including tests:

- sync and storage: 3 weeks (Zhiqiang and I)
- list and reading pane: 2 weeks (Daniel)
- search: 2 weeks, can start once storage is settled

The biggest risk is two devices of the same person that were both offline. I want a test that runs that case a few thousand times before we show it to anybody.

Emily`
	},
	{
		id: 'plan-wang',
		from: 'wang.zhiqiang',
		to: ['lin.xiaowen'],
		cc: ['emily.carter', 'zhao.yuqing', 'daniel.kim'],
		subject: '回复：3.2 版本计划：离线优先，请各位确认',
		sent: { daysAgo: 18, at: '10:18' },
		answers: 'plan-emily',
		text: `同意 Emily 的估计。

我这边的风险是旧版本客户端：升级那一周会有新旧两种客户端同时在线，旧客户端里没发出去的信不能丢。协议里“握手”和“上交未同步内容”这两步建议从此冻结，不再改格式。

王志强`
	},
	{
		id: 'plan-done',
		from: 'lin.xiaowen',
		to: ['emily.carter', 'wang.zhiqiang', 'zhao.yuqing', 'daniel.kim'],
		cc: ['chen.siyuan'],
		subject: 'Re: 3.2 版本计划：离线优先，请各位确认',
		sent: { daysAgo: 17, at: '16:30' },
		answers: 'plan-wang',
		text: `收到，计划就这样定了。志强提的“冻结”写进设计文档，Emily 说的双设备测试列为发布前的必过项。

每周一上午十点碰一次进度，十五分钟，站着开。

晓雯`
	},
	{
		id: 'design',
		from: 'zhao.yuqing',
		to: ['daniel.kim'],
		cc: ['lin.xiaowen'],
		subject: '同步状态图标的三种方案',
		sent: { daysAgo: 12, at: '11:20' },
		text: `Daniel 你好，

同步状态我画了三版：

A. 只在出问题时显示；
B. 一直显示一个小圆点，颜色表示状态；
C. 一直显示文字，例如“已同步”“离线，3 项待发送”。

我倾向 C：颜色对一部分人不可见，而且“待发送几项”正是断网时大家最想知道的。深色模式下的对比度都量过了，最低 4.6:1。

你看实现上有没有困难？

雨晴`,
		readings: { 'daniel.kim': { keywords: ['$flagged'] } }
	},
	{
		id: 'design-daniel',
		from: 'daniel.kim',
		to: ['zhao.yuqing'],
		cc: ['lin.xiaowen'],
		subject: 'Re: 同步状态图标的三种方案',
		sent: { daysAgo: 12, at: '15:47' },
		answers: 'design',
		text: `Hi Yuqing,

C, definitely. It also reads well with a screen reader, which A and B don't.

One wish: below 800 px there is no room for the text. Can it shrink to the number alone, with the full sentence in the popover?

Daniel`
	},
	{
		id: 'design-agreed',
		from: 'zhao.yuqing',
		to: ['daniel.kim'],
		cc: ['lin.xiaowen'],
		subject: 'Re: 同步状态图标的三种方案',
		sent: { daysAgo: 11, at: '09:15' },
		answers: 'design-daniel',
		text: `可以，窄屏只留数字，点开看全文。标注已经更新到设计稿第 14 页。

雨晴`
	},
	{
		id: 'order',
		from: 'wang.zhiqiang',
		to: ['emily.carter'],
		cc: ['daniel.kim'],
		subject: 'Out-of-order updates after a reconnect',
		sent: { daysAgo: 5, at: '18:22' },
		text: `Emily,

The randomised test found something with seed 48213: after a cut and a reconnect within 200 ms, a device could get entry 118 before 117. The list was right in the end, but for a moment an unread count was off by one.

Cause: the new connection started its catch-up from the old cursor while the last event of the old connection was still queued. I now send live entries only if they follow directly on what was sent, and read the log otherwise.

Ran it 20,000 times since lunch without a failure. Could you look at the change tomorrow?

Zhiqiang`
	},
	{
		id: 'order-emily',
		from: 'emily.carter',
		to: ['wang.zhiqiang'],
		cc: ['daniel.kim'],
		subject: 'Re: Out-of-order updates after a reconnect',
		sent: { daysAgo: 4, at: '09:08' },
		answers: 'order',
		text: `Read it over coffee. Good find, and the fix is the simple one. Two small things in the review, then it can go in.

Please keep that seed as a named test.

Emily`
	},
	{
		id: 'candidate',
		from: 'emily.carter',
		to: ['lin.xiaowen', 'zhao.yuqing', 'wang.zhiqiang', 'daniel.kim', 'sofia.rossi'],
		subject: 'Release candidate 3.2-rc1 is on the test server',
		sent: { daysAgo: 1, at: '17:40' },
		text: `Everybody,

3.2-rc1 is on the test server. Please use it as your daily mail until Thursday: on the train, in the lift, with two browsers open. Anything odd goes into a reply to this letter, however small.

Known so far:
- the first load on an old laptop takes five seconds instead of three
- in Firefox the sync popover opens a few pixels too far to the right

Emily`,
		readings: { 'zhao.yuqing': { unread: true }, 'sofia.rossi': { unread: true } }
	},
	{
		id: 'candidate-sofia',
		from: 'sofia.rossi',
		to: ['emily.carter'],
		cc: ['lin.xiaowen', 'zhao.yuqing', 'wang.zhiqiang', 'daniel.kim'],
		subject: 'Re: Release candidate 3.2-rc1 is on the test server',
		sent: { minutesAgo: 95 },
		answers: 'candidate',
		text: `Two hours on the train to Suzhou, no network for most of it: wrote six replies, filed about forty letters, and everything went out in one go when we came out of the last tunnel. I did not have to think about it once.

One wish from a customer's point of view: tell me how many letters are waiting *before* I close the lid.

Sofia`
	}
];
