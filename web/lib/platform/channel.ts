/** A broadcast to the other tabs of this browser; never heard by the tab that posts. */
export interface Channel {
	/** The message is cloned (structured clone). */
	post(message: unknown): void;
	close(): void;
}

/** Joins the channel of that name. */
export type OpenChannel = (name: string, heard: (message: unknown) => void) => Channel;

/** The browser's own channels. */
export const broadcastChannels: OpenChannel = (name, heard) => {
	const channel = new BroadcastChannel(name);
	channel.onmessage = ({ data }) => heard(data);
	return {
		post: (message) => channel.postMessage(message),
		close: () => channel.close()
	};
};
