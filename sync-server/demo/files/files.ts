import type { DemonstrationFile } from '../letter.ts';
import { pdfOf } from './pdf.ts';
import { barChart } from './png.ts';
import { workbook } from './xlsx.ts';

/** A file as a letter carries it. */
interface CarriedFile {
	readonly filename: string;
	readonly contentType: string;
	readonly content: Buffer;
}

const minutes = `Stand-up, Monday 10:00

Present: Emily, Zhiqiang, Daniel, Xiaowen, Yuqing

Storage     done, migrated three old data folders without a complaint
List        100,000 rows, next frame, nothing left to do
Search      a week behind; two-character words work, prefixes do not yet
Design      status text agreed on, dark mode measured

待办
  志强    把 48213 号种子留作固定测试
  Daniel  窄屏下只显示数字
  晓雯    周三前问清楚 Firefox 的弹窗偏移

Next: Monday 10:00, standing
`;

const roadmap = [
	[
		'Release 3.2: offline first',
		'Hongyan Technology, Product & Design',
		'',
		'Week 1-3   Sync and storage',
		'Week 2-4   List and reading pane',
		'Week 4-5   Search, two-character words included',
		'Week 6     Two-device tests, release candidate',
		'Week 7     Release'
	],
	[
		'What done means',
		'',
		'1. A whole day without network, then everything goes out once',
		'2. Inbox within three seconds of the first sign-in',
		'3. No acknowledged letter lost, whatever is switched off when',
		'4. Contrast of 4.5:1 or more in every mode'
	]
] as const;

const invoice = [
	[
		'Invoice CH-10482',
		'Cloudhost Ltd, 12 Harbour Lane',
		'',
		'Hongyan Technology',
		'',
		'4 virtual machines, 8 GB              EUR 144.00',
		'Backup storage, 500 GB                EUR  40.00',
		'',
		'Total                                 EUR 184.00',
		'',
		'Collected by direct debit on the 15th.'
	]
] as const;

const makers: Readonly<Record<DemonstrationFile, () => CarriedFile>> = {
	'roadmap.pdf': () => ({
		filename: '3.2 路线图 roadmap.pdf',
		contentType: 'application/pdf',
		content: pdfOf(roadmap)
	}),
	'invoice.pdf': () => ({
		filename: 'CH-10482.pdf',
		contentType: 'application/pdf',
		content: pdfOf(invoice)
	}),
	'usage.png': () => ({
		filename: '使用情况.png',
		contentType: 'image/png',
		content: barChart([0.6, 0.73, 0.68, 0.96])
	}),
	'minutes.txt': () => ({
		filename: 'minutes.txt',
		contentType: 'text/plain; charset=utf-8',
		content: Buffer.from(minutes, 'utf8')
	}),
	'budget.xlsx': () => ({
		filename: '明年预算.xlsx',
		contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		content: workbook('预算', [
			['部门', '人员', '设备', '差旅', '依据'],
			['产品与设计部', 920000, 46000, 30000, '显示器更换'],
			['研发部', 1650000, 88000, 45000, '测试服务器两台'],
			['市场与客户部', 780000, 15000, 120000, '客户现场支持']
		])
	})
};

/** The file of that name, made anew. */
export function makeFile(name: DemonstrationFile): CarriedFile {
	return makers[name]();
}
