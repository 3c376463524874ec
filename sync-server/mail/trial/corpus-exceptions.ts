/**
 * Where this parser reads a message of the corpus otherwise than Python's `email`, and why. Where Dovecot agrees with
 * Python the verdict is `standard`: a standard, or the safety of the reader, speaks against both. Where it does not,
 * the message is `ambiguous`.
 */

/** What is compared: the leaves with their type, name, size and content; the subject; the addresses. */
export type Aspect = 'leaves' | 'subject' | 'addresses';

export interface CorpusException {
	/** The aspects in which we differ, in the order of the type. */
	readonly aspects: readonly Aspect[];
	readonly verdict: 'ambiguous' | 'standard';
	readonly reason: string;
}

const trailingSpace: CorpusException = {
	aspects: ['leaves'],
	verdict: 'standard',
	reason:
		'RFC 2045 section 6.7 (3): white space before a line end is no content of quoted-printable, and is deleted. Python keeps it; Dovecot only tells the encoded size.'
};

const directory: CorpusException = {
	aspects: ['leaves'],
	verdict: 'standard',
	reason: 'RFC 2183 section 2.3: a directory in a file name is not to be respected; the name alone is kept.'
};

const machineMessage: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'Python takes the body of any message/* for a message, that of delivery-status for several. RFC 2046 section 5.2 and RFC 3464 say so of message/rfc822 only; Dovecot agrees.'
};

const encodedMessage: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'RFC 2046 section 5.2.1 forbids to encode message/rfc822. Python and Dovecot parse the encoded text, the one as a body, the other as a header; the reader gets the decoded letter as a file.'
};

const noPart: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'A multipart without any part. Python makes it a leaf of a multipart type, Dovecot an empty text. It is text here, so that nothing that was sent is hidden.'
};

const unfinished: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'RFC 2046 section 5.1.1: a line end belongs to the delimiter that follows it. None follows the last part, so its line end is content. Python drops it, Dovecot counts it.'
};

const emptyPart: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'Two delimiters in a row: RFC 2046 section 5.1 lets a part be empty. Dovecot has it, Python passes over it.'
};

const strangeBoundary: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'The boundary holds `=` and stands without the quotes that RFC 2045 section 5.1 wants. Python does not find it, Dovecot does, as here.'
};

const rubbishInHeader: CorpusException = {
	aspects: ['leaves'],
	verdict: 'ambiguous',
	reason:
		'A line in the header that is no field. RFC 5322 section 2.1: the header ends at the empty line. Python ends it there and shows the rest as text; Dovecot goes on, as here.'
};

/** Exceptions by the file's path in the corpus. */
export const corpusExceptions: Readonly<Record<string, CorpusException>> = {
	'charset/spamassassin-cjk/spam-2-00258.eml': trailingSpace,
	'charset/spamassassin-cjk/spam-2-01304.eml': trailingSpace,
	'mime/mailparser/nested.eml': trailingSpace,
	'mime/mime4j/mimetools-testmsgs/multi-2evil.msg': directory,
	'mime/mime4j/mimetools-testmsgs/multi-badnames.msg': directory,

	'mime/cpython/msg_16.eml': machineMessage,
	'mime/cpython/msg_36.eml': machineMessage,
	'mime/mimekit/delivery-status.txt': machineMessage,
	'mime/mimekit/disposition-notification.txt': machineMessage,
	'mime/mimekit/partial/rfc2046.0.eml': machineMessage,
	'mime/mimekit/partial/rfc2046.1.eml': machineMessage,
	'mime/ruby-mail/multipart_report_emails/multi_address_bounce1.eml': machineMessage,
	'mime/ruby-mail/multipart_report_emails/multipart_report_multiple_status.eml': machineMessage,
	'mime/ruby-mail/multipart_report_emails/report_530.eml': machineMessage,

	'mime/mail-parser/rfc/008.eml': encodedMessage,
	'mime/mime4j/testmsgs/bad-newlines-multiple-parts-base64.msg': encodedMessage,
	'mime/mime4j/testmsgs/base64encoded-rfc822message.msg': encodedMessage,

	'mime/cpython/msg_42.eml': noPart,
	'mime/mail-parser/malformed/002.eml': noPart,
	'mime/mail-parser/malformed/004.eml': noPart,
	'mime/mime4j/mimetools-testmsgs/badbound.msg': noPart,
	'mime/mime4j/testmsgs/missing-inner-boundary.msg': noPart,
	'mime/mime4j/testmsgs/multipartnopart.msg': noPart,
	'mime/ruby-mail/error_emails/must_supply_encoding.eml': noPart,

	'mime/mail-parser/malformed/006.eml': unfinished,
	'mime/mail-parser/malformed/008.eml': unfinished,
	'mime/mail-parser/malformed/012.eml': unfinished,
	'mime/mail-parser/malformed/016.eml': unfinished,
	'mime/ruby-mail/mime_emails/raw_email4.eml': unfinished,

	'mime/mail-parser/malformed/000.eml': emptyPart,
	'mime/mime4j/mimetools-testmsgs/2002_06_12_doublebound.msg': emptyPart,
	'mime/mime4j/mimetools-testmsgs/double-bound.msg': emptyPart,

	'mime/ruby-mail/mime_emails/raw_email_with_illegal_boundary.eml': strangeBoundary,
	'mime/ruby-mail/plain_emails/raw_email_bad_time.eml': strangeBoundary,

	'mime/mime4j/testmsgs/malformedHeader-nocrlfcrlf.msg': rubbishInHeader,
	'mime/ruby-mail/plain_emails/raw_email_incorrect_header.eml': {
		...rubbishInHeader,
		aspects: ['leaves', 'subject', 'addresses']
	},
	'mime/ruby-mail/rfc2822/example13.eml': { ...rubbishInHeader, aspects: ['leaves', 'subject', 'addresses'] },

	'mime/ruby-mail/attachment_emails/attachment_with_base64_encoded_name.eml': {
		aspects: ['leaves'],
		verdict: 'ambiguous',
		reason:
			'The file name is an encoded word, which RFC 2047 section 5 forbids and every mail program writes and reads. Python gives no name, Dovecot the word itself.'
	},
	'mime/ruby-mail/plain_emails/mix_caps_content_type.eml': {
		aspects: ['addresses'],
		verdict: 'standard',
		reason:
			'`Big Bug bb@bug.com` is no address by RFC 5322. Python makes one local part of it, Dovecot none at all; the word with the at sign is the address a person sees in it.'
	}
};
