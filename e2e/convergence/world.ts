import { keywords, mailboxRoles, type MailboxRole } from '#schema/mail/mailbox.ts';
import type { MessageField } from '#schema/mail/message.ts';
import { Chance } from '#schema/trial/chance.ts';
import type { Action } from '#lib/replica/changes/actions.ts';
import { readDocument } from '#lib/replica/drafts/document-store.ts';
import { blockSize, isPresent } from '#lib/replica/state/column-block.ts';
import { StorageError } from '#lib/replica/storage/failure.ts';
import { Device, type Tab } from './device.ts';
import { Drafting } from './drafting.ts';
import { MailServer, space } from './mail-server.ts';
import type { Order } from './network.ts';
import { VirtualTime } from './virtual-time.ts';
import { Witness } from './witness.ts';

/** What a world is made of. */
export interface WorldOptions {
	readonly seed: number;
	readonly devices: number;
	/** Milliseconds each device's clock is ahead, in turn. */
	readonly skews: readonly number[];
	readonly hasLocks: boolean;
	/** In which order frames of one connection come. */
	readonly order: Order;
	/** Messages there before the first device comes. */
	readonly messages: number;
}

const worldStart = Date.UTC(2026, 10, 23, 9);
const day = 24 * 3600 * 1000;

/** Clocks of people's devices: right, a day ahead, a day behind, some seconds off. */
export const skews = [0, day, -day, 4_000, -90_000] as const;

/** Devices one person has at most. */
const mostDevices = 5;

/** A server, some devices, and a chance that decides what happens to them. */
export class World {
	readonly chance: Chance;
	readonly time: VirtualTime;
	readonly server: MailServer;
	readonly devices: Device[] = [];
	readonly witness = new Witness();
	readonly drafting: Drafting;
	readonly #options: WorldOptions;
	readonly #actions: { readonly device: Device; readonly action: Action }[] = [];

	constructor(options: WorldOptions) {
		this.#options = options;
		this.chance = new Chance(options.seed);
		this.time = new VirtualTime(worldStart);
		this.server = new MailServer(this.time, this.chance);
		this.drafting = new Drafting(this.chance);
	}

	get order(): Order {
		return this.#options.order;
	}

	async begin(): Promise<void> {
		await this.server.start();
		for (let index = 0; index < this.#options.messages; index += 1) await this.deliver();
		for (let index = 0; index < this.#options.devices; index += 1) {
			await this.join();
		}
	}

	/** One thing happens. */
	async step(): Promise<void> {
		const device = this.chance.pick(this.devices);
		const tab = device.tabs.length > 0 ? this.chance.pick(device.tabs) : await device.openTab();
		try {
			await this.#happen(device, tab);
		} catch (error) {
			// What a person did while the database turned out to be spoiled was not acknowledged.
			if (!(error instanceof StorageError) || error.kind === 'full') throw error;
		}
		for (const tab of device.tabs) this.witness.look(device.name, tab, this.time.now);
		await this.time.advance(this.chance.below(400));
	}

	/** Nobody uses anything for so many days, and the log is trimmed meanwhile; then all are back. */
	async pass(days: number): Promise<void> {
		await this.drafting.closeAll();
		const away = this.devices.map((device) => ({ device, wasUp: device.network.isUp }));
		for (const device of this.devices) {
			device.network.cut();
			for (const tab of [...device.tabs]) device.close(tab);
		}
		await this.time.advance(days * day);
		await this.server.file.call('trim', { before: this.time.now - 90 * day });
		for (const { device, wasUp } of away) {
			if (wasUp && this.chance.happens(0.5)) device.network.restore();
			await device.openTab();
		}
	}

	/** The network is back for everybody, and everything comes to rest. */
	async rest(): Promise<void> {
		for (const device of this.devices) {
			if (device.tabs.length === 0) await device.openTab();
			device.network.restore();
			device.network.calm();
		}
		await this.time.advance(5 * 60_000);
		for (const device of this.devices) await this.#readEverything(device);
		await this.time.advance(5 * 60_000);
	}

	async deliver(): Promise<void> {
		const earlier = this.server.delivered;
		const references =
			earlier > 1 && this.chance.happens(0.4)
				? [1 + this.chance.below(earlier), 1 + this.chance.below(earlier)]
				: [];
		await this.server.deliver(this.chance.pick(['inbox', 'inbox', 'archive', 'junk']), references);
	}

	async end(): Promise<void> {
		for (const device of this.devices) for (const tab of [...device.tabs]) device.close(tab);
		await this.server.stop();
		this.time.end();
	}

	/** A new device comes, and downloads everything while the others go on. */
	async join(): Promise<void> {
		const index = this.devices.length;
		if (index >= mostDevices) return;
		const skew = this.#options.skews[index % this.#options.skews.length] ?? 0;
		const device = new Device(
			`device-${index}`,
			{ time: this.time, chance: this.chance, server: this.server, space },
			{ skew, hasLocks: this.#options.hasLocks, order: this.#options.order }
		);
		this.devices.push(device);
		await device.openTab();
	}

	/** What was spoiled shows at last where it is read. */
	async #readEverything({ tabs }: Device): Promise<void> {
		try {
			for (const id of this.drafting.documents()) {
				for (const { open } of tabs) await readDocument(open.core, id);
			}
		} catch (error) {
			if (!(error instanceof StorageError)) throw error;
		}
	}

	async #happen(device: Device, tab: Tab): Promise<void> {
		const what = this.chance.below(100);
		if (what < 32) await this.#write(device, tab);
		else if (what < 37) await this.#undo(device, tab);
		else if (what < 57) await this.#workOnDraft(device, tab);
		else if (what < 65) await this.deliver();
		else if (what < 75) device.network[device.network.isUp ? 'cut' : 'restore']();
		else if (what < 79) device.network.breakConnections();
		else if (what < 83) await this.#crashOrClose(device, tab);
		else if (what < 84) await this.#spoil(device, tab);
		else if (what < 87) await this.#openSecondTab(device);
		else if (what < 90) await this.#purge(tab);
		else if (what < 91) await this.#restartServer();
		else if (what < 92) await this.join();
		else if (what < 95)
			await this.server.file.call('trim', { before: this.time.now - this.chance.below(10_000) });
		else await this.time.advance(this.chance.below(30_000));
	}

	async #write(device: Device, tab: Tab): Promise<void> {
		const arrivals = presentIn(tab);
		if (arrivals.length === 0) return;
		const some = this.chance.happens(0.1)
			? arrivals
			: Array.from({ length: 1 + this.chance.below(3) }, () => this.chance.pick(arrivals));
		const field: MessageField = this.chance.pick(['mailbox', ...keywords.slice(0, 3)] as const);
		const value =
			field === 'mailbox' ? this.chance.pick<MailboxRole>(mailboxRoles) : this.chance.happens(0.5);
		const action = await tab.open.replica.writeMessages(some, field, value);
		if (action.count > 0) this.#actions.push({ device, action });
	}

	async #undo(device: Device, tab: Tab): Promise<void> {
		const index = this.#actions.findLastIndex((done) => done.device === device);
		const [done] = index === -1 ? [] : this.#actions.splice(index, 1);
		if (done !== undefined) await tab.open.replica.undo(done.action);
	}

	async #workOnDraft(device: Device, tab: Tab): Promise<void> {
		const what = this.chance.below(20);
		if (what < 9) await this.drafting.type(device, tab);
		else if (what < 12) await this.drafting.attach(device, tab);
		else if (what < 13) await this.drafting.detach(device, tab);
		else if (what < 15) await this.drafting.discard(device, tab);
		else if (what < 16) await this.drafting.restore(device, tab);
		else if (what < 19) await this.drafting.send(device, tab);
		else await this.#callBack(tab);
	}

	async #callBack(tab: Tab): Promise<void> {
		const waiting = tab.open.outbox
			.items()
			.filter(({ about, state }) => about.kind === 'letter' && state.kind !== 'refused');
		const letter = waiting[0]?.about;
		if (letter?.kind === 'letter') await tab.open.outbox.cancel(letter.submission);
	}

	async #crashOrClose(device: Device, tab: Tab): Promise<void> {
		if (this.chance.happens(0.7)) device.crash(tab);
		else device.close(tab);
		await this.time.advance(this.chance.below(3_000));
		if (device.tabs.length === 0) await device.openTab();
	}

	/**
	 * A record of the device's database is spoiled while things wait on it; the app notices when it is next
	 * started, if not before.
	 */
	async #spoil(device: Device, busy: Tab): Promise<void> {
		device.network.cut();
		await this.drafting.type(device, busy);
		await this.drafting.attach(device, busy);
		device.spoil();
		await this.time.advance(this.chance.below(3_000));
		const [tab] = device.tabs;
		if (tab === undefined) return;
		device.crash(tab);
		await device.openTab();
		await this.time.advance(1_000);
	}

	async #openSecondTab(device: Device): Promise<void> {
		if (device.tabs.length < 3) await device.openTab();
	}

	async #purge(tab: Tab): Promise<void> {
		const { columns } = tab.open.core.memory;
		const trashed = presentIn(tab).filter((arrival) => columns.row(arrival)?.mailbox === ('trash' as string));
		if (trashed.length > 0) await tab.open.outbox.purge(trashed.filter(() => this.chance.happens(0.5)));
	}

	async #restartServer(): Promise<void> {
		await this.server.stop();
		for (const device of this.devices) device.network.breakConnections();
		await this.time.advance(this.chance.below(20_000));
		await this.server.start();
	}
}

/** Messages a tab shows. */
export function presentIn(tab: Tab): number[] {
	const found: number[] = [];
	for (const [number, { flags }] of tab.open.core.memory.columns.blocks) {
		flags.forEach((flag, place) => {
			if (isPresent(flag)) found.push(number * blockSize + place);
		});
	}
	return found;
}
