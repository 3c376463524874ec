import MimeNode from 'nodemailer/lib/mime-node';
import { headerEnd, messageIdIn, readHeader } from './header.ts';
import { dateField } from './trace.ts';

/** A recipient that has failed for good. */
export interface Failure {
	readonly recipient: string;
	/** Enhanced status code (RFC 3463), or null where nobody gave one. */
	readonly status: string | null;
	/** The other server's words, or a code of ours. */
	readonly detail: string;
}

export interface BounceFacts {
	/** Id of the bounce's envelope; its Message-ID and boundary are made of it. */
	readonly id: string;
	/** MAIL FROM of the message that failed. */
	readonly to: string;
	/** Our name, as in the greeting. */
	readonly by: string;
	/** Domain of the bounce's From and Message-ID. */
	readonly domain: string;
	readonly failures: readonly Failure[];
	/** The beginning of the message that failed: at least its header, or as much as is kept of it. */
	readonly original: Uint8Array;
	/** When the message that failed was accepted, milliseconds UTC. */
	readonly acceptedAt: number;
	/** Milliseconds UTC. */
	readonly now: number;
}

/** Bytes of the original's header that come back with a bounce. */
const returnedHeader = 32 * 1024;

/** What our own codes mean, for the person who reads the bounce. */
const reasons: Readonly<Record<string, string>> = {
	'no-such-recipient': '没有这个收件人。 There is no such recipient.',
	'no-route': '未配置外发服务器。 No server for mail to the outside is configured.',
	'message-refused': '对方服务器拒收此邮件。 The other server refused the message.'
};

/**
 * The message that tells a sender what could not be delivered: a delivery status notification (RFC 3464 in a
 * multipart/report, RFC 6522) with the header of the original. CRLF line ends, 7 bit.
 */
export async function composeBounce(facts: BounceFacts): Promise<Buffer> {
	const report = new MimeNode('multipart/report; report-type=delivery-status', {
		newline: 'win',
		baseBoundary: facts.id
	});
	report.setHeader([
		{ key: 'From', value: { name: 'Mail Delivery System', address: `mailer-daemon@${facts.domain}` } },
		{ key: 'To', value: facts.to },
		{ key: 'Subject', value: '邮件未能送达 Undelivered mail' },
		{ key: 'Message-ID', value: `<${facts.id}@${facts.domain}>` },
		{ key: 'Date', value: dateField(facts.now) },
		{ key: 'Auto-Submitted', value: 'auto-replied' },
		...referenceTo(facts.original)
	]);
	report.createChild('text/plain; charset=utf-8').setContent(explanation(facts.failures));
	report.createChild(statusType(facts.failures)).setContent(Buffer.from(statusReport(facts)));
	const header = facts.original.subarray(0, Math.min(headerEnd(facts.original), returnedHeader));
	report.createChild('text/rfc822-headers').setContent(Buffer.from(header));
	return report.build();
}

/** The original's Message-ID, so that the bounce joins its thread. */
function referenceTo(original: Uint8Array): { key: string; value: string }[] {
	const id = messageIdIn(readHeader(original));
	return id === null ? [] : [{ key: 'References', value: id }];
}

function explanation(failures: readonly Failure[]): string {
	const lines = failures.map(
		({ recipient, status, detail }) => `  ${recipient}\n    ${status ?? ''} ${reasons[detail] ?? detail}`
	);
	return (
		'您的邮件未能送达以下收件人：\nYour message could not be delivered to:\n\n' +
		`${lines.join('\n')}\n\n` +
		'原邮件的信头附后。\nThe header of your message follows.\n'
	);
}

const isAscii = (text: string) => /^[\u0020-\u007e]*$/.test(text);

/** Addresses beyond ASCII need the internationalised form (RFC 6533). */
function statusType(failures: readonly Failure[]): string {
	const plain = failures.every(({ recipient, detail }) => isAscii(recipient) && isAscii(detail));
	return plain ? 'message/delivery-status' : 'message/global-delivery-status';
}

function statusReport({ by, acceptedAt, failures }: BounceFacts): string {
	const message = `Reporting-MTA: dns; ${by}\r\nArrival-Date: ${dateField(acceptedAt)}\r\n`;
	const recipients = failures.map(({ recipient, status, detail }) => {
		const type = isAscii(recipient) ? 'rfc822' : 'utf-8';
		const diagnostic = detail in reasons ? 'x-hongyan' : 'smtp';
		return (
			`Final-Recipient: ${type}; ${recipient}\r\nAction: failed\r\nStatus: ${status ?? '5.0.0'}\r\n` +
			`Diagnostic-Code: ${diagnostic}; ${detail.replace(/\s+/g, ' ')}\r\n`
		);
	});
	return [message, ...recipients].join('\r\n');
}
