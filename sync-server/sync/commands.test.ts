import { describe, expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import { StoreError } from '../store/store-error.ts';
import { marking } from './trial/changes.ts';
import { openStage, settled, type Stage, type TrialDevice } from './trial/stage.ts';

const purge = { name: 'purge', arrivals: [], seen: { generation: 'g', seq: 0 } };

async function greeted(stage: Stage, account = {}): Promise<TrialDevice> {
	const device = stage.device('a', account);
	await device.hello();
	return device;
}

describe('commands', () => {
	it('[W21] are answered with what came of them', async () => {
		const stage = await openStage();
		stage.commands.answer = async (_id, by) => {
			expect(by).toEqual({ principal: 'li', device: 'a' });
			return { kind: 'submitted', releaseAt: 5 };
		};
		const device = await greeted(stage);
		device.send('command', { id: 'c1', space: stage.space, body: purge });
		await settled();
		expect(device.received('answer')).toEqual([{ id: 'c1', result: { kind: 'submitted', releaseAt: 5 } }]);
	});

	it('[W22] run one after another, behind the pushes before them', async () => {
		const stage = await openStage();
		await stage.place();
		const seen: number[] = [];
		stage.commands.answer = async () => {
			seen.push((await stage.file.call('head')).seq);
			return { kind: 'done' };
		};
		const device = await greeted(stage);
		const generation = await stage.generation();
		const push = (batch: string) =>
			device.send('push', { batch, space: stage.space, generation, changes: [marking(1, 0, 'a')] });
		push('b1');
		device.send('command', { id: 'c1', space: stage.space, body: purge });
		push('b2');
		device.send('command', { id: 'c2', space: stage.space, body: purge });
		await settled();
		expect(device.kinds).toEqual(['welcome', 'acked', 'answer', 'acked', 'answer']);
		expect(seen).toEqual([2, 3]);
	});

	it('[W23] of the wrong shape, or for another’s space, are refused and not executed', async () => {
		const stage = await openStage();
		const device = await greeted(stage);
		device.send('command', { id: 'c1', space: stage.space, body: { name: 'format-disk' } });
		device.send('command', { id: 'c2', space: 'space-of-wang' as SpaceId, body: purge });
		device.send('command', { id: 'c3', space: stage.space, body: { ...purge, arrivals: [1, 0] } });
		const spaces = [{ space: stage.space, kind: 'mailbox' as const, access: 'read' as const }];
		const reader = await greeted(stage, { spaces });
		reader.send('command', { id: 'c4', space: stage.space, body: purge });
		await settled();
		const codes = [...device.received('answer'), ...reader.received('answer')].map(({ id, result }) => [
			id,
			result.kind === 'refused' ? result.code : result.kind
		]);
		expect(codes).toEqual([
			['c1', 'malformed'],
			['c2', 'unknown-space'],
			['c3', 'malformed'],
			['c4', 'not-permitted']
		]);
		expect(stage.commands.given).toEqual([]);
	});

	it('[W21] that could not be carried out are refused with the reason', async () => {
		const stage = await openStage();
		const device = await greeted(stage);
		stage.commands.answer = () => Promise.reject(new StoreError('full', 'no room'));
		device.send('command', { id: 'c1', space: stage.space, body: purge });
		await settled();
		stage.commands.answer = () => Promise.reject(new Error('a fault'));
		device.send('command', { id: 'c2', space: stage.space, body: purge });
		await settled();
		expect(device.received('answer').map(({ result }) => result)).toEqual([
			{ kind: 'refused', code: 'storage-full', detail: '' },
			{ kind: 'refused', code: 'internal', detail: '' }
		]);
		expect(stage.failures).toHaveLength(1);
	});
});
