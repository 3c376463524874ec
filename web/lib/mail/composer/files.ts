import { submissionLimits } from '#schema/mail/submission.ts';
import { locale, t } from '#lib/i18n/messages.svelte.ts';
import { byteSize } from '#lib/i18n/sizes.ts';
import type { AttachRefusal, DraftHandle } from '#lib/replica/drafts.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';

interface NamedBlob {
	readonly name: string;
	readonly type: string;
	readonly blob: Blob;
}

async function attach(draft: DraftHandle, file: NamedBlob, toasts: Toasts): Promise<void> {
	const result = await draft.attach(file);
	if (result.kind !== 'refused') return;
	toasts.show(attachRefusal(file.name, result.code), { tone: 'error' });
}

/** Why a file was not attached, in words. */
export function attachRefusal(name: string, code: AttachRefusal): string {
	const limit = byteSize(submissionLimits.attachmentBytes, locale());
	return t(`attachment.refused.${code}`, { name, limit, count: submissionLimits.attachments });
}

/** Adds files to a draft, and says of each that can't be added why. */
export async function attachFiles(draft: DraftHandle, files: readonly File[], toasts: Toasts): Promise<void> {
	await Promise.all(
		files.map((file) => {
			const name = file.name === '' ? t('attachment.pasted') : file.name;
			return attach(draft, { name, type: file.type || 'application/octet-stream', blob: file }, toasts);
		})
	);
}
