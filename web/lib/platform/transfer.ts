export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** How an upload ended; `status` is null where there was no answer. */
export interface UploadOutcome {
	readonly status: number | null;
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
		request.onloadend = () => resolve({ status: request.status === 0 ? null : request.status });
		request.send(bytes);
	});
