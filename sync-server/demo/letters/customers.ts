import type { Letter } from '../letter.ts';

/** Customers and sales. */
export const customerLetters: readonly Letter[] = [
	{
		id: 'freight-ask',
		from: 'maria.jensen',
		to: ['liu.yang'],
		cc: ['sofia.rossi'],
		subject: 'Questions before we move 240 mailboxes',
		sent: { daysAgo: 15, at: '16:02' },
		text: `Dear Mr Liu,

Thank you for the demonstration last week. Before we decide, our IT has three questions:

1. Our ships have a satellite link for about one hour a day. Does a mailbox with 60,000 messages catch up within that hour?
2. Can we keep our address and domain, and move ten people at a time?
3. What happens to a letter that was written on board and never got a connection before the laptop broke?

Kind regards,
Maria Jensen
Northwind Freight`,
		readings: { 'liu.yang': { keywords: ['$flagged'] } }
	},
	{
		id: 'freight-answer',
		from: 'sofia.rossi',
		to: ['maria.jensen'],
		cc: ['liu.yang'],
		subject: 'Re: Questions before we move 240 mailboxes',
		sent: { daysAgo: 14, at: '10:36' },
		answers: 'freight-ask',
		text: `Dear Maria,

Good questions; here is what we measured rather than what we hope.

1. Yes. After the first load only changes travel. A day with 120 new letters is about 400 KB of summaries; bodies follow when they are opened or when there is time.
2. Yes. Put us behind your present server, move the first ten, and let both run side by side as long as you like.
3. It is lost with the laptop, as a letter on paper would be. What was "saved" with a green mark had reached the server. The screen shows at any time how many letters have not.

Shall we talk on Thursday at 15:00 your time?

Best,
Sofia`
	},
	{
		id: 'freight-yes',
		from: 'maria.jensen',
		to: ['sofia.rossi', 'liu.yang'],
		subject: 'Re: Questions before we move 240 mailboxes',
		sent: { daysAgo: 9, at: '08:55' },
		answers: 'freight-answer',
		text: `Dear Sofia, dear Mr Liu,

An honest answer to question 3 was what convinced our captain. We would like to begin with ten people on the MS Aurora on the first of next month.

Please send the contract to Oliver Brandt (oliver@brandt-legal.example), who looks after such things for us.

Maria`,
		readings: {
			'sofia.rossi': { keywords: ['$important'] },
			'liu.yang': { keywords: ['$important', '$flagged'] }
		}
	},
	{
		id: 'freight-tell',
		from: 'liu.yang',
		to: ['chen.siyuan', 'lin.xiaowen', 'emily.carter', 'sofia.rossi'],
		subject: '好消息：北风货运先试十个人',
		sent: { daysAgo: 9, at: '10:12' },
		text: `各位：

北风货运（Northwind Freight）今天早上确认了，下月一号先上十个账号，都在“极光号”货轮上，每天只有一小时卫星网络。这是我们“离线优先”最好的案例，也是最严的考试。

晓雯、Emily：3.2 能不能赶在下月一号之前？
思远：合同由他们的律师 Oliver Brandt 审，今天寄出。

刘洋`,
		readings: { 'chen.siyuan': { keywords: ['$important'] }, 'emily.carter': { keywords: ['$flagged'] } }
	},
	{
		id: 'freight-tell-lin',
		from: 'lin.xiaowen',
		to: ['liu.yang'],
		cc: ['chen.siyuan', 'emily.carter', 'sofia.rossi'],
		subject: 'Re: 好消息：北风货运先试十个人',
		sent: { daysAgo: 9, at: '11:40' },
		answers: 'freight-tell',
		text: `太好了！3.2 按现在的进度能赶上，前提是不再加需求——包括我自己的。

晓雯`
	},
	{
		id: 'contract',
		from: 'oliver.brandt',
		to: ['liu.yang'],
		cc: ['chen.siyuan'],
		subject: 'Contract Northwind Freight / Hongyan: two remarks',
		sent: { daysAgo: 3, at: '14:28' },
		text: `Dear Mr Liu,

The draft is fine but for two places:

Clause 4.2: "best effort" should name a time within which support answers. We suggest four working hours.
Clause 9: please add that the data of my client lie on servers chosen by my client.

If you agree, kindly return the amended version by Friday; my client signs on Monday.

With kind regards,
Oliver Brandt`,
		readings: { 'liu.yang': { keywords: ['$flagged', '$important'], unread: true } }
	},
	{
		id: 'contract-ask',
		from: 'liu.yang',
		to: ['chen.siyuan'],
		subject: '北风合同两处修改，请定夺',
		sent: { daysAgo: 2, at: '09:31' },
		text: `思远：

对方律师只提了两点：4.2 条写明四个工作小时内响应；第 9 条写明数据放在客户指定的服务器上。

第二点我们本来就是这么做的。第一点需要 Sofia 那边排班，我和她谈过，可以做到。

您同意的话我今天改好寄回，他们周一签字。

刘洋`,
		readings: { 'chen.siyuan': { keywords: ['$important'] } }
	},
	{
		id: 'contract-agreed',
		from: 'chen.siyuan',
		to: ['liu.yang'],
		cc: ['sofia.rossi'],
		subject: 'Re: 北风合同两处修改，请定夺',
		sent: { daysAgo: 2, at: '10:05' },
		answers: 'contract-ask',
		text: `同意。响应时间写四小时，但周末值班请按加班计，别让大家白忙。

思远`
	},
	{
		id: 'books',
		from: 'zhou.min',
		to: ['sofia.rossi'],
		subject: '两个字的书名搜不到',
		sent: { daysAgo: 6, at: '13:17' },
		text: `Sofia 您好：

我们书店的往来邮件里，书名常常只有两个字，比如《活着》《边城》。现在的版本搜两个字没有结果，三个字以上就正常。请问什么时候能支持？

另外谢谢上次帮我们找回误删的订单，同事们都很感激。

青山书店 周敏`
	},
	{
		id: 'books-answer',
		from: 'sofia.rossi',
		to: ['zhou.min'],
		subject: 'Re: 两个字的书名搜不到',
		sent: { daysAgo: 6, at: '15:02' },
		answers: 'books',
		text: `周敏您好：

这个问题我们知道，3.2 版就能搜两个字的词了，预计下月初发布。到时我第一时间告诉您，请您用《边城》试第一下。

Sofia`
	},
	{
		id: 'usage',
		from: 'sofia.rossi',
		to: ['chen.siyuan', 'liu.yang', 'lin.xiaowen'],
		subject: '上月客户使用情况',
		sent: { daysAgo: 7, at: '17:05' },
		files: ['usage.png'],
		text: `各位好，

上个月的使用情况见附图：每周活跃账号从 410 增加到 655，第三周的下降是假期。

值得注意的是离线操作的比例：平均每人每天 4 次，出差的人高达 20 次。

Sofia`,
		html: `<p>各位好，</p><p>上个月的使用情况见附图：每周活跃账号从 <b>410</b> 增加到 <b>655</b>，第三周的下降是假期。</p>
<table cellpadding="6" style="border-collapse:collapse"><tr style="background:#eef2f7"><th align="left">周</th><th align="right">活跃账号</th><th align="right">离线操作</th></tr>
<tr><td>第一周</td><td align="right">410</td><td align="right">9,840</td></tr><tr><td>第二周</td><td align="right">498</td><td align="right">13,020</td></tr>
<tr><td>第三周</td><td align="right">462</td><td align="right">10,115</td></tr><tr><td>第四周</td><td align="right">655</td><td align="right">18,340</td></tr></table>
<p>值得注意的是离线操作的比例：平均每人每天 4 次，出差的人高达 20 次。</p><p>Sofia</p>`
	}
];
