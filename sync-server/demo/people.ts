import type { MailAddress } from '#schema/mail/address.ts';
import type { Department } from '../store/directory/organisation.ts';

/** The one password of all demonstration accounts; printed at the start, so it is no secret. */
export const demonstrationPassword = 'hongyan-demo';

/** Departments of the demonstration company. */
export const departments: readonly Department[] = [
	{ id: 'demo-product', parent: null, name: '产品与设计部 Product & Design', position: 0 },
	{ id: 'demo-engineering', parent: null, name: '研发部 Engineering', position: 1 },
	{ id: 'demo-customers', parent: null, name: '市场与客户部 Sales & Support', position: 2 }
];

/** Somebody of the demonstration company; the first part of their address names them in the letters. */
interface Colleague {
	readonly name: string;
	readonly department: string | null;
	readonly title: string;
	readonly aliases: readonly string[];
}

/** The people of the demonstration company, by the local part of their address. */
export const colleagues = {
	'chen.siyuan': { name: '陈思远', department: null, title: '总经理', aliases: ['postmaster'] },
	'lin.xiaowen': { name: '林晓雯', department: 'demo-product', title: '产品总监', aliases: ['product'] },
	'zhao.yuqing': { name: '赵雨晴', department: 'demo-product', title: '视觉设计师', aliases: [] },
	'emily.carter': {
		name: 'Emily Carter',
		department: 'demo-engineering',
		title: 'Engineering Lead',
		aliases: []
	},
	'wang.zhiqiang': { name: '王志强', department: 'demo-engineering', title: '后端工程师', aliases: [] },
	'daniel.kim': {
		name: 'Daniel Kim',
		department: 'demo-engineering',
		title: 'Frontend Engineer',
		aliases: []
	},
	'liu.yang': { name: '刘洋', department: 'demo-customers', title: '销售经理', aliases: ['sales'] },
	'sofia.rossi': {
		name: 'Sofia Rossi',
		department: 'demo-customers',
		title: 'Customer Success',
		aliases: ['support']
	}
} as const satisfies Record<string, Colleague>;

export type ColleagueName = keyof typeof colleagues;

/** People outside the company who write to it. */
const strangers = {
	'maria.jensen': { name: 'Maria Jensen', address: 'maria.jensen@northwind-freight.example' },
	'zhou.min': { name: '周敏', address: 'zhou.min@qingshan-books.example' },
	'oliver.brandt': { name: 'Oliver Brandt', address: 'oliver@brandt-legal.example' },
	'billing.cloudhost': { name: 'Cloudhost Billing', address: 'billing@cloudhost.example' },
	'digest.localfirst': { name: 'Local-First Weekly', address: 'digest@localfirst-weekly.example' },
	'hotel.bund': { name: '外滩码头酒店', address: 'reservations@bund-harbour.example' },
	'prize.office': { name: 'Prize Office', address: 'winner@lucky-draws.example' }
} as const satisfies Record<string, MailAddress>;

export type CorrespondentName = ColleagueName | keyof typeof strangers;

/** Every name, those of the company first. */
export const colleagueNames = Object.keys(colleagues) as ColleagueName[];

/** Whether somebody is of the company. */
export function isColleague(name: CorrespondentName): name is ColleagueName {
	return Object.hasOwn(colleagues, name);
}

/** Name and address of a correspondent; colleagues are in the organisation's domain. */
export function addressOf(name: CorrespondentName, domain: string): MailAddress {
	return isColleague(name) ? { name: colleagues[name].name, address: `${name}@${domain}` } : strangers[name];
}
