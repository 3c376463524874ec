import type { Keyword, MailboxRole } from '#schema/mail/mailbox.ts';
import type { ColleagueName, CorrespondentName } from './people.ts';

/** When a letter was sent: some days before the seeding at a time of day here, or minutes before it. */
export type Sent = { readonly daysAgo: number; readonly at: string } | { readonly minutesAgo: number };

/** The files that letters carry; made in code, small, and what they say they are. */
export type DemonstrationFile = 'roadmap.pdf' | 'invoice.pdf' | 'usage.png' | 'minutes.txt' | 'budget.xlsx';

/** What is different for one reader: where the letter lies for them, and what it is marked with. */
export interface Reading {
	readonly mailbox?: MailboxRole;
	readonly keywords?: readonly Keyword[];
	/** Left unread, although it is old. */
	readonly unread?: true;
}

/** One letter of the demonstration. */
export interface Letter {
	readonly id: string;
	readonly from: CorrespondentName;
	readonly to: readonly CorrespondentName[];
	readonly cc?: readonly CorrespondentName[];
	readonly subject: string;
	readonly sent: Sent;
	/** Paragraphs, as plain text. */
	readonly text: string;
	/** The letter as HTML beside its plain text. */
	readonly html?: string;
	readonly files?: readonly DemonstrationFile[];
	/** Id of the letter this one answers. */
	readonly answers?: string;
	readonly readings?: Partial<Record<ColleagueName, Reading>>;
}
