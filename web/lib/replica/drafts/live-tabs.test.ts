import { afterEach, describe, expect, it } from 'vitest';
import type { DocumentId, SpaceId } from '#schema/ids.ts';
import type { OpenFrame } from '#schema/protocol/messages.ts';
import { countedBytes } from '../trial/bench.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office, openDraft } from '../trial/office.ts';
import { LiveChannels, type LiveConnection } from './live-channels.ts';
import { LiveTabs, type LiveNotice } from './live-tabs.ts';

const draft = 'draft-1' as DocumentId;

/** A connection that notes what goes over it. */
function noting(): LiveConnection & { readonly said: unknown[] } {
	const said: unknown[] = [];
	return {
		said,
		send(kind, { channel }) {
			said.push([kind, channel]);
			return true;
		},
		sendLive: (channel, bytes) => void said.push([channel, ...bytes])
	};
}

/** Tabs of one device that hear each other at once. */
class Device {
	readonly #random = countedBytes();
	readonly #tabs: LiveTabs[] = [];

	tab() {
		const live = new LiveChannels('space' as SpaceId);
		const tell = (notice: LiveNotice) => {
			for (const other of this.#tabs) if (other !== tabs) other.hear(structuredClone(notice));
		};
		const tabs: LiveTabs = new LiveTabs(live, this.#random, tell);
		this.#tabs.push(tabs);
		const open = () => {
			const socket = new (live.socketClass(draft))();
			const heard: unknown[] = [];
			socket.onopen = () => heard.push('open');
			socket.onmessage = ({ data }) => heard.push([...new Uint8Array(data)]);
			socket.onclose = ({ code }) => heard.push(code);
			return { socket, heard };
		};
		return { live, tabs, open };
	}
}

/** A tab that leads over a connection, and one that follows. */
function leaderAndFollower() {
	const device = new Device();
	const [leader, follower] = [device.tab(), device.tab()];
	const connection = noting();
	leader.tabs.lead();
	leader.tabs.connected(connection);
	return { leader, follower, connection };
}

describe('live channels of a tab that does not lead', () => {
	it('[R85] go through the tab that leads, both ways, under its own numbers', () => {
		const { leader, follower, connection } = leaderAndFollower();
		leader.open();
		const { socket, heard } = follower.open();
		expect(connection.said).toEqual([
			['open', 1],
			['open', 2]
		]);
		leader.live.opened({ channel: 2, access: 'write' });
		socket.send(Uint8Array.of(7));
		leader.live.received(2, Uint8Array.of(8, 9));
		expect(connection.said.at(-1)).toEqual([2, 7]);
		expect(heard).toEqual(['open', [8, 9]]);
		socket.close();
		expect(connection.said.at(-1)).toEqual(['close', 2]);
		expect(heard.at(-1)).toBe(1000);
	});

	it('[R85] wait for a connection, and close where the server takes them away', () => {
		const device = new Device();
		const [leader, follower] = [device.tab(), device.tab()];
		leader.tabs.lead();
		const { heard } = follower.open();
		const connection = noting();
		leader.tabs.connected(connection);
		expect(connection.said).toEqual([['open', 1]]);
		leader.live.opened({ channel: 1, access: 'none' });
		expect(heard).toEqual([4403]);
	});

	it('[R85] close as a broken socket does when the connection breaks', () => {
		const { leader, follower } = leaderAndFollower();
		const { heard } = follower.open();
		leader.live.opened({ channel: 1, access: 'write' });
		leader.tabs.disconnected();
		expect(heard).toEqual(['open', 1006]);
	});

	it('[R85] go on through the next tab that leads, also where the first went without a word', () => {
		const device = new Device();
		const [first, second, third] = [device.tab(), device.tab(), device.tab()];
		first.tabs.lead();
		first.tabs.connected(noting());
		const { heard } = third.open();
		first.live.opened({ channel: 1, access: 'write' });
		second.tabs.lead();
		const connection = noting();
		second.tabs.connected(connection);
		expect(heard).toEqual(['open', 1006]);
		const again = third.open();
		second.live.opened({ channel: 1, access: 'write' });
		expect([connection.said, again.heard]).toEqual([[['open', 1]], ['open']]);
	});

	it('[R85] are closed for a tab that says nothing any more, which may open them anew', () => {
		const { leader, follower, connection } = leaderAndFollower();
		const { socket, heard } = follower.open();
		leader.live.opened({ channel: 1, access: 'write' });
		for (let beat = 0; beat < 12; beat += 1) leader.tabs.beat();
		socket.send(Uint8Array.of(1));
		for (let beat = 0; beat < 12; beat += 1) leader.tabs.beat();
		expect(connection.said).not.toContainEqual(['close', 1]);
		leader.tabs.beat();
		expect(connection.said.at(-1)).toEqual(['close', 1]);
		// The provider takes 4403 for good, and would never come back.
		expect(heard.at(-1)).toBe(1000);
		const again = follower.open();
		leader.live.opened({ channel: 1, access: 'write' });
		expect(again.heard).toEqual(['open']);
	});
});

describe('a draft that is open in a tab that does not lead', () => {
	let office = new Office();
	afterEach(() => {
		office.close();
	});

	it('[R85] is live over the connection of the tab that leads', async () => {
		office = new Office();
		await office.openTab();
		await office.connect();
		const second = await office.openTab();
		const id = await second.drafts.create({ from: { name: '', address: 'li@hongyan.example' } });
		const open = await openDraft(second, id);
		await settled();
		expect(office.machine.sockets.all).toHaveLength(1);
		const [frame] = office.socket.sent('open') as OpenFrame[];
		expect(frame).toMatchObject({ channel: 1, document: id });
		office.socket.say('opened', { channel: 1, access: 'write' });
		await settled();
		expect(office.socket.frames.filter(({ channel }) => channel === 1)).not.toEqual([]);
		await open.close();
		await settled();
		expect(office.socket.sent('close')).toEqual([{ channel: 1 }]);
	});
});
