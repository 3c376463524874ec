export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** How an upload ended; `status` is null where there was no answer, `code` where it named no reason. */
export interface UploadOutcome {
	readonly status: number | null;
	readonly code: string | null;
}

/** The reason an answer names, as `{"code": …}`. */
function codeIn(text: string): string | null {
	try {
		const answer = JSON.parse(text) as { readonly code?: unknown } | null;
		return typeof answer?.code === 'string' ? answer.code : null;
	} catch {
		// Not an answer of our server's.
		return null;
	}
}

/** Puts bytes under an address and tells how many are on their way. Never rejects. */
export type Upload = (
	url: string,
	bytes: Uint8Array<ArrayBuffer>,
	progress: (sent: number) => void
) => Promise<UploadOutcome>;

/** Uploads with progress; only XMLHttpRequest tells it in today's browsers. */
export const browserUpload: Upload = (url, bytes, progress) =>
	new Promise((resolve) => {
		const request = new XMLHttpRequest();
		request.open('PUT', url);
		request.setRequestHeader('content-type', 'application/octet-stream');
		request.upload.onprogress = ({ loaded }) => progress(loaded);
		request.onloadend = () =>
			resolve({ status: request.status === 0 ? null : request.status, code: codeIn(request.responseText) });
		request.send(bytes);
	});
