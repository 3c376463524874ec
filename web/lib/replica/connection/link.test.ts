import { describe, expect, it } from 'vitest';
import type { DeviceId } from '#schema/ids.ts';
import { countedBytes } from '../trial/bench.ts';
import { ManualClock, settled } from '../trial/manual-clock.ts';
import { TrialSockets } from '../trial/trial-socket.ts';
import { Link, linkTimes, type LinkState } from './link.ts';

function openLink(options: { random?: (length: number) => Uint8Array; isSignedOut?: boolean } = {}) {
	const clock = new ManualClock();
	const sockets = new TrialSockets();
	const states: LinkState[] = [];
	const heard: string[] = [];
	const link = new Link({
		clock,
		random: options.random ?? countedBytes(),
		openSocket: sockets.open,
		hello: { device: 'own' as DeviceId },
		isSignedOut: () => Promise.resolve(options.isSignedOut === true),
		events: {
			welcomed: ({ version }) => heard.push(`welcomed ${version}`),
			frame: ({ kind }) => heard.push(kind),
			lost: () => heard.push('lost'),
			stateChanged: (state) => states.push(state),
			alive: () => heard.push('alive')
		}
	});
	const connect = () => {
		sockets.last.events.opened();
		sockets.last.welcome(clock.now());
	};
	return { link, clock, sockets, states, heard, connect };
}

describe('the link', () => {
	it('[R20] says hello first and nothing before the welcome', () => {
		const { link, sockets, connect, heard } = openLink();
		link.start();
		expect(link.send('ping', {})).toBe(false);
		connect();
		expect(sockets.last.frames[0]).toMatchObject({ kind: 'hello', payload: { device: 'own' } });
		expect(link.state).toBe('open');
		expect(link.send('ping', {})).toBe(true);
		expect(heard).toEqual(['welcomed 1']);
	});

	it('[R20] gives up a connection that carries what is no frame of a server', async () => {
		for (const bytes of [Uint8Array.of(0, 99), Uint8Array.of(), Uint8Array.of(0, 2, 127)]) {
			const { link, sockets, connect, clock } = openLink();
			link.start();
			connect();
			sockets.last.events.message(bytes);
			expect(link.state).toBe('waiting');
			await clock.advance(linkTimes.firstWait);
			expect(sockets.all).toHaveLength(2);
		}
	});

	it('[R21] waits twice as long each time, up to a minute, and never quite as long as another device', async () => {
		const { link, sockets, clock } = openLink({ random: (length) => new Uint8Array(length).fill(255) });
		link.start();
		const pauses: number[] = [];
		for (let attempt = 0; attempt < 10; attempt += 1) {
			sockets.last.events.opened();
			sockets.last.closeWith(1011);
			const pause = clock.nextTimer ?? 0;
			pauses.push(pause);
			await clock.advance(pause);
		}
		expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
		const other = openLink({ random: (length) => new Uint8Array(length) });
		other.link.start();
		other.sockets.last.events.opened();
		other.sockets.last.closeWith(1011);
		expect(other.clock.nextTimer).toBe(250);
	});

	it('[R21] starts the pauses anew after an answered heartbeat, not after a welcome', async () => {
		const { link, sockets, clock, connect } = openLink({
			random: (length) => new Uint8Array(length).fill(255)
		});
		link.start();
		const failOnce = async () => {
			sockets.last.closeWith(1006);
			const pause = clock.nextTimer ?? 0;
			await clock.advance(pause);
			return pause;
		};
		connect();
		expect(await failOnce()).toBe(500);
		connect();
		expect(await failOnce()).toBe(1000);
		connect();
		await clock.advance(linkTimes.heartbeat);
		expect(sockets.last.sent('ping')).toHaveLength(1);
		sockets.last.say('pong', {});
		expect(await failOnce()).toBe(500);
	});

	it('[R22] gives up a connection on which nothing comes, even while it is being made', async () => {
		const { link, sockets, clock, heard, connect } = openLink();
		link.start();
		await clock.advance(linkTimes.dead);
		expect(sockets.all[0]?.isClosed).toBe(true);
		await clock.advance(linkTimes.firstWait);
		connect();
		await clock.advance(linkTimes.dead - 1);
		expect(link.state).toBe('open');
		await clock.advance(1);
		expect(link.state).toBe('waiting');
		expect(heard.at(-1)).toBe('lost');
	});

	it('[R79] asks at once, and gives up soon a connection that does not answer', async () => {
		const { link, sockets, clock, heard, connect } = openLink();
		link.check();
		link.start();
		connect();
		link.check();
		expect(sockets.last.sent('ping')).toHaveLength(1);
		sockets.last.say('pong', {});
		await clock.advance(linkTimes.deadWhenAsked);
		expect(link.state).toBe('open');

		link.check();
		expect(sockets.last.sent('ping')).toHaveLength(2);
		await clock.advance(linkTimes.deadWhenAsked - 1);
		expect(link.state).toBe('open');
		await clock.advance(1);
		expect(link.state).toBe('waiting');
		expect(heard.at(-1)).toBe('lost');
	});

	it('[R22] stays as long as heartbeats are answered', async () => {
		const { link, sockets, clock, connect } = openLink();
		link.start();
		connect();
		for (let beat = 0; beat < 10; beat += 1) {
			await clock.advance(linkTimes.heartbeat);
			sockets.last.say('pong', {});
		}
		expect(link.state).toBe('open');
		expect(sockets.all).toHaveLength(1);
	});

	it('[R24] stops where the session ended, and goes on when asked', async () => {
		const { link, sockets, clock, connect, heard } = openLink();
		link.start();
		connect();
		sockets.last.closeWith(4401);
		expect(link.state).toBe('signed-out');
		expect(heard.at(-1)).toBe('lost');
		await clock.advance(10 * linkTimes.longestWait);
		expect(sockets.all).toHaveLength(1);
		link.start();
		connect();
		expect(link.state).toBe('open');
	});

	it('[R24] asks over HTTP why a socket was refused', async () => {
		const ended = openLink({ isSignedOut: true });
		ended.link.start();
		ended.sockets.last.closeWith(1006);
		await settled();
		expect(ended.link.state).toBe('signed-out');
		const unreachable = openLink({ isSignedOut: false });
		unreachable.link.start();
		unreachable.sockets.last.closeWith(1006);
		await settled();
		expect(unreachable.link.state).toBe('waiting');
	});

	it('[R25] is outdated with a server that speaks no version of ours, and can still hand over work', () => {
		const { link, sockets, clock } = openLink();
		link.start();
		sockets.last.events.opened();
		sockets.last.welcome(clock.now(), { version: 0 });
		expect(link.state).toBe('outdated');
		expect(link.send('push', {})).toBe(true);
		sockets.last.closeWith(4406);
		expect(link.state).toBe('outdated');
		expect(link.send('push', {})).toBe(false);
	});

	it('[R20] hears nothing of a socket it gave up', async () => {
		const { link, sockets, clock, heard, connect } = openLink();
		link.start();
		const first = sockets.last;
		connect();
		link.stop();
		first.say('pong', {});
		first.welcome(clock.now());
		expect(heard).toEqual(['welcomed 1']);
		await clock.advance(10 * linkTimes.longestWait);
		expect(sockets.all).toHaveLength(1);
	});
});
