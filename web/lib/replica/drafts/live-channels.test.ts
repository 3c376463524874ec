import { describe, expect, it } from 'vitest';
import type { DocumentId, SpaceId } from '#schema/ids.ts';
import { mostLiveChannels } from '#schema/protocol/frames.ts';
import { LiveChannels, type LiveConnection } from './live-channels.ts';

const draft = 'draft-1' as DocumentId;

/** A connection that notes what goes over it. */
function noting(): LiveConnection & { readonly said: [unknown, Record<string, unknown>][] } {
	const said: [unknown, Record<string, unknown>][] = [];
	return {
		said,
		send(kind, payload) {
			said.push([kind, payload]);
			return true;
		},
		sendLive: (channel, bytes) => said.push([channel, { bytes: [...bytes] }])
	};
}

function openChannels() {
	const live = new LiveChannels('space' as SpaceId);
	const Socket = live.socketClass(draft);
	const open = () => {
		const socket = new Socket();
		const heard: unknown[] = [];
		socket.onopen = () => heard.push('open');
		socket.onmessage = ({ data }) => heard.push([...new Uint8Array(data)]);
		socket.onclose = ({ code }) => heard.push(code);
		return { socket, heard };
	};
	return { live, open };
}

describe('live channels', () => {
	it('[R28] open over the connection, carry bytes both ways, and close', () => {
		const { live, open } = openChannels();
		const connection = noting();
		live.connected(connection);
		const { socket, heard } = open();
		socket.send(Uint8Array.of(1));
		live.opened({ channel: 1, access: 'write' });
		expect(socket.readyState).toBe(socket.OPEN);
		socket.send(Uint8Array.of(2));
		live.received(1, Uint8Array.of(3));
		socket.close();
		expect(heard).toEqual(['open', [3], 1000]);
		expect(connection.said).toEqual([
			['open', { channel: 1, space: 'space', document: draft }],
			[1, { bytes: [2] }],
			['close', { channel: 1 }]
		]);
	});

	it('[R28] wait for a connection, and close with 1006 when it breaks', () => {
		const { live, open } = openChannels();
		const waiting = open();
		const connection = noting();
		live.connected(connection);
		expect(connection.said).toHaveLength(1);
		live.opened({ channel: 1, access: 'write' });
		live.disconnected();
		expect(waiting.heard).toEqual(['open', 1006]);
		const again = open();
		expect(again.socket.readyState).toBe(0);
		const next = noting();
		live.connected(next);
		expect(next.said).toEqual([['open', { channel: 1, space: 'space', document: draft }]]);
	});

	it('[R28] let go of bytes that belong to the former life of a number', () => {
		const { live, open } = openChannels();
		live.connected(noting());
		const first = open();
		live.opened({ channel: 1, access: 'write' });
		first.socket.close();
		const second = open();
		live.received(1, Uint8Array.of(9));
		live.opened({ channel: 1, access: 'write' });
		live.received(1, Uint8Array.of(4));
		expect(second.heard).toEqual(['open', [4]]);
	});

	it('[R28] take no number again before its former opening is answered, nor bytes that come with that answer', () => {
		const { live, open } = openChannels();
		const connection = noting();
		live.connected(connection);
		open().socket.close();
		const second = open();
		live.opened({ channel: 1, access: 'write' });
		live.received(1, Uint8Array.of(9));
		expect(second.heard).toEqual([]);
		live.opened({ channel: 2, access: 'write' });
		live.received(2, Uint8Array.of(4));
		expect(second.heard).toEqual(['open', [4]]);
		open();
		expect(connection.said.map(([, { channel }]) => channel)).toEqual([1, 1, 2, 1]);
	});

	it('[R28] close for good where the server gives no access', () => {
		const { live, open } = openChannels();
		live.connected(noting());
		const { socket, heard } = open();
		live.opened({ channel: 1, access: 'none' });
		expect(heard).toEqual([4403]);
		expect(socket.readyState).toBe(3);
	});

	it('[R28] take the lowest number that is free', () => {
		const { live, open } = openChannels();
		const connection = noting();
		live.connected(connection);
		const first = open();
		live.opened({ channel: 1, access: 'write' });
		open();
		first.socket.close();
		open();
		const numbers = connection.said.flatMap(([kind, payload]) =>
			kind === 'open' ? [payload['channel']] : []
		);
		expect(numbers).toEqual([1, 2, 1]);
	});

	/** As many channels as may be open, and the next one; all answered but that. */
	function openOneTooMany() {
		const { live, open } = openChannels();
		const connection = noting();
		live.connected(connection);
		const within = Array.from({ length: mostLiveChannels }, () => open());
		for (let channel = 1; channel <= mostLiveChannels; channel += 1)
			live.opened({ channel, access: 'write' });
		const next = open();
		const asked = () => connection.said.flatMap(([kind, { channel }]) => (kind === 'open' ? [channel] : []));
		return { live, within, next, asked };
	}

	it('[R93] wait where as many are open as may be, and open when one of those closes', () => {
		const { live, within, next, asked } = openOneTooMany();
		expect(asked()).toHaveLength(mostLiveChannels);
		within[6]?.socket.close();
		expect(asked().slice(mostLiveChannels)).toEqual([7]);
		live.opened({ channel: 7, access: 'write' });
		expect(next.heard).toEqual(['open']);
	});

	it('[R93] open when the server takes one of the others away, and are asked for once', () => {
		const { live, within, next, asked } = openOneTooMany();
		live.opened({ channel: 3, access: 'none' });
		expect(within[2]?.heard).toEqual(['open', 4403]);
		expect(asked().slice(mostLiveChannels)).toEqual([3]);
		within[0]?.socket.close();
		live.opened({ channel: 3, access: 'write' });
		expect(next.heard).toEqual(['open']);
		expect(asked()).toHaveLength(mostLiveChannels + 1);
	});

	it('[R29] hand a message about nobody to those that are open, with each heartbeat', () => {
		const { live, open } = openChannels();
		live.connected(noting());
		const opened = open();
		live.opened({ channel: 1, access: 'write' });
		const opening = open();
		live.beat();
		expect(opened.heard).toEqual(['open', [1, 1, 0]]);
		expect(opening.heard).toEqual([]);
	});
});
