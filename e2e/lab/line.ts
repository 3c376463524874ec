import type { Page, WebSocketRoute } from '@playwright/test';
import { closeCodes } from '#schema/protocol/codes.ts';

/** The connection between a page and its server, in the hands of a test. */
export class Line {
	readonly #open = new Set<WebSocketRoute>();
	#isMute = false;
	#isTooOld = false;

	/** Takes hold of the connections a page will make; it must not have been opened yet. */
	static async hold(page: Page): Promise<Line> {
		const line = new Line();
		await page.routeWebSocket(/\/ws$/, (route) => line.#take(route));
		return line;
	}

	/** From now on nothing of what the server says arrives, though the connection stands. */
	mute(): void {
		this.#isMute = true;
	}

	/** The server can be heard again. */
	unmute(): void {
		this.#isMute = false;
	}

	/** The server finds the app too old for it, or no longer. */
	async findTooOld(isTooOld: boolean): Promise<void> {
		this.#isTooOld = isTooOld;
		if (!isTooOld) return;
		const open = [...this.#open];
		this.#open.clear();
		for (const route of open) await route.close({ code: closeCodes.versionMismatch });
	}

	#take(route: WebSocketRoute): void {
		if (this.#isTooOld) {
			void route.close({ code: closeCodes.versionMismatch });
			return;
		}
		this.#open.add(route);
		const server = route.connectToServer();
		server.onMessage((message) => {
			if (!this.#isMute) route.send(message);
		});
	}
}
