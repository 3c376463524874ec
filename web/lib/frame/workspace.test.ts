import { describe, expect, it } from 'vitest';
import { newId } from '#schema/ids.ts';
import { Workspace, type TabMemory, type WorkspaceTab } from './workspace.svelte.ts';

class Memory implements TabMemory {
	text: string | null = null;
	read(): string | null {
		return this.text;
	}
	write(text: string): void {
		this.text = text;
	}
}

const draft = (): WorkspaceTab => ({ kind: 'draft', id: newId<'document'>() });
const message = (arrival: number): WorkspaceTab => ({ kind: 'message', arrival });

describe('[1.2-b] workspace tabs', () => {
	it('open once each, in order', () => {
		const workspace = new Workspace(new Memory());
		workspace.open(message(7));
		workspace.open(message(8));
		workspace.open(message(7));
		expect(workspace.tabs).toEqual([message(7), message(8)]);
	});

	it('are there again after a reload', () => {
		const memory = new Memory();
		const one = draft();
		new Workspace(memory).open(one);
		expect(new Workspace(memory).tabs).toEqual([one]);
	});

	it('close, and name the tab that takes the place', () => {
		const workspace = new Workspace(new Memory());
		for (const arrival of [1, 2, 3]) workspace.open(message(arrival));
		expect(workspace.close(message(2))).toEqual(message(3));
		expect(workspace.close(message(3))).toEqual(message(1));
		expect(workspace.close(message(1))).toBeNull();
	});

	it('begin empty where what was remembered is nonsense', () => {
		for (const text of ['', '{', '[{"kind":"draft","id":"<script>"}]', '[null, 3]', '"x"']) {
			expect(new Workspace({ read: () => text, write: () => undefined }).tabs).toEqual([]);
		}
	});

	it('drop what no longer exists', () => {
		const workspace = new Workspace(new Memory());
		for (const arrival of [1, 2, 3]) workspace.open(message(arrival));
		workspace.keepOnly((tab) => tab.kind === 'message' && tab.arrival !== 2);
		expect(workspace.tabs).toEqual([message(1), message(3)]);
	});
});
