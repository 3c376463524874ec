import * as decoding from 'lib0/decoding';
import { expect, it } from 'vitest';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import type { DocumentId } from '#schema/ids.ts';
import { Chance } from '#schema/trial/chance.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { writing } from '../trial/changes.ts';
import { openStage, settled, type Stage, type TrialDevice } from '../trial/stage.ts';
import { step1Message, step2Message, updateMessage } from './live-message.ts';

const draft = 'draft-1' as DocumentId;

/** A device that edits whether connected or not, and reads its channel when it likes. */
class Editor {
	readonly document = new Doc();
	readonly #stage: Stage;
	readonly #id: string;
	#device: TrialDevice | null = null;
	#read = 0;

	constructor(stage: Stage, id: string, client: number) {
		this.#stage = stage;
		this.#id = id;
		this.document.clientID = client;
		this.document.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'server') this.#device?.sendLive(1, updateMessage(update));
		});
	}

	async connect(): Promise<void> {
		this.cut();
		const device = this.#stage.device(this.#id);
		await device.hello();
		device.send('open', { channel: 1, space: this.#stage.space, document: draft });
		await settled();
		this.#device = device;
		this.#read = 0;
		device.sendLive(1, step1Message(encodeStateVector(this.document)));
	}

	cut(): void {
		if (this.#device !== null) this.#stage.hub.disconnected(this.#device.connection);
		this.#device = null;
	}

	edit(chance: Chance): void {
		const text = this.document.getText('body');
		if (text.length > 0 && chance.below(3) === 0) text.delete(chance.below(text.length), 1);
		else text.insert(chance.below(text.length + 1), String.fromCharCode(97 + chance.below(26)));
	}

	/** Reads at most so many messages. */
	read(most: number): void {
		const device = this.#device;
		if (device === null) return;
		for (const message of device.live(1).slice(this.#read, this.#read + most)) {
			this.#read += 1;
			const decoder = decoding.createDecoder(message);
			if (decoding.readVarUint(decoder) !== 0) continue;
			const step = decoding.readVarUint(decoder);
			const bytes = decoding.readVarUint8Array(decoder);
			if (step > 0) applyUpdate(this.document, bytes, 'server');
			else device.sendLive(1, step2Message(encodeStateAsUpdate(this.document, bytes)));
		}
	}
}

async function step(stage: Stage, editor: Editor, chance: Chance): Promise<void> {
	switch (chance.below(10)) {
		case 0:
			editor.cut();
			return;
		case 1:
			return editor.connect();
		case 2:
			return stage.push('train', [writing(1, draft, encodeStateAsUpdate(editor.document))]);
		case 3:
			return settled();
		case 4:
		case 5:
			editor.read(1 + chance.below(5));
			return;
		default:
			editor.edit(chance);
	}
}

async function run(seed: number): Promise<string[]> {
	const chance = new Chance(seed);
	const stage = await openStage();
	const editors = [1, 2, 3].map((client) => new Editor(stage, `device-${client}`, client));
	for (let count = 0; count < 150; count += 1) {
		const editor = editors[chance.below(editors.length)];
		if (editor !== undefined) await step(stage, editor, chance);
	}
	for (const editor of editors) await editor.connect();
	for (let round = 0; round < 6; round += 1) {
		for (const editor of editors) editor.read(Infinity);
		await settled();
	}
	const stored = new Doc();
	const state = await stage.file.call('document', { document: draft });
	if (state !== null) applyUpdate(stored, state);
	expect(stage.failures).toEqual([]);
	return [stored, ...editors.map(({ document }) => document)].map((document) =>
		document.getText('body').toJSON()
	);
}

const first = seedOfRun('live editing');

it(
	'[W27] [W28] [W29] editors that come and go converge, and on what is stored',
	{ timeout: 120_000 },
	async () => {
		for (let seed = first; seed < first + 25; seed += 1) {
			const texts = await run(seed);
			expect(new Set(texts).size, `HONGYAN_SEED=${seed}`).toBe(1);
			expect(texts[0]?.length, `HONGYAN_SEED=${seed}`).toBeGreaterThan(0);
		}
	}
);
