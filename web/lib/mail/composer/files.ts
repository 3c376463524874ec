import { submissionLimits } from '#schema/mail/submission.ts';
import { locale, t } from '#lib/i18n/messages.svelte.ts';
import { byteSize } from '#lib/i18n/sizes.ts';
import type { Contents } from '#lib/replica/contents.ts';
import type { DraftHandle } from '#lib/replica/drafts.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';
import { takeParts } from './forwarded-parts.ts';

interface NamedBlob {
	readonly name: string;
	readonly type: string;
	readonly blob: Blob;
}

async function attach(draft: DraftHandle, file: NamedBlob, toasts: Toasts): Promise<void> {
	const result = await draft.attach(file);
	if (result.kind !== 'refused') return;
	const limit = byteSize(submissionLimits.attachmentBytes, locale());
	const values = { name: file.name, limit, count: submissionLimits.attachments };
	toasts.show(t(`attachment.refused.${result.code}`, values), { tone: 'error' });
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

/** Adds the attachments of the letter that is forwarded, where they can be had. */
export async function attachForwarded(draft: DraftHandle, contents: Contents, toasts: Toasts): Promise<void> {
	const waiting = takeParts(draft.id);
	if (waiting === null) return;
	for (const part of waiting.parts) {
		const name = part.filename ?? t('attachment.unnamed', { section: part.section });
		const result = await contents.part(waiting.arrival, part.section);
		if (result.kind === 'here') await attach(draft, { name, type: part.type, blob: result.blob }, toasts);
		else toasts.show(t('attachment.notForwarded', { name }), { tone: 'error' });
	}
}
