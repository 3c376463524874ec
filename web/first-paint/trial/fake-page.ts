import { vi } from 'vitest';

type Listener = (event: Event) => void;

/** As much of an element as the first paint touches; what its selectors find is told by the test. */
export class FakeElement {
	readonly localName: string;
	readonly dataset: Record<string, string> = {};
	readonly style: Record<string, string> = {};
	readonly attributes = new Map<string, string>();
	readonly children: FakeElement[] = [];
	/** What `closest` and `querySelectorAll` find, by selector. */
	readonly found = new Map<string, FakeElement[]>();
	readonly click = vi.fn();
	readonly dispatchEvent = vi.fn<(event: FakeKey) => boolean>();
	#parent: FakeElement | null = null;

	className = '';
	innerHTML = '';
	textContent = '';
	lang = '';
	ariaLabel: string | null = null;
	onload: (() => void) | null = null;
	onerror: (() => void) | null = null;

	constructor(localName = 'div') {
		this.localName = localName;
	}

	getAttribute(name: string): string | null {
		return this.attributes.get(name) ?? null;
	}
	setAttribute(name: string, value: string): void {
		this.attributes.set(name, value);
	}
	append(child: FakeElement): void {
		this.children.push(child);
		child.#parent = this;
	}
	prepend(child: FakeElement): void {
		this.children.unshift(child);
		child.#parent = this;
	}
	remove(): void {
		const siblings = this.#parent?.children ?? [];
		siblings.splice(siblings.indexOf(this), 1);
	}
	closest(selector: string): FakeElement | null {
		return this.found.get(selector)?.[0] ?? null;
	}
	querySelectorAll(selector: string): FakeElement[] {
		return this.found.get(selector) ?? [];
	}
	/** As code under test takes it. */
	get asElement(): Element {
		return this as unknown as Element;
	}
}

/** A key that is pressed, and the event of it. */
export class FakeKey {
	readonly ctrlKey: boolean = false;
	readonly metaKey = false;
	readonly altKey = false;
	readonly shiftKey = false;
	readonly key: string = '';
	readonly preventDefault = vi.fn();
	readonly stopImmediatePropagation = vi.fn();
	readonly type: string;

	constructor(type: string, members: Partial<Pick<FakeKey, 'ctrlKey' | 'key'>> = {}) {
		this.type = type;
		Object.assign(this, members);
	}
}

/** A page before its app is loaded, put in the place of the browser's globals; time passes when it is told to. */
export class FakePage {
	readonly root = new FakeElement('html');
	readonly head = new FakeElement('head');
	readonly body = new FakeElement('body');
	/** What the document's selectors find. */
	readonly found = new Map<string, FakeElement[]>();
	readonly location = { pathname: '/mail/inbox', search: '' };
	readonly history = { state: null, replaceState: vi.fn() };
	/** What the device keeps; null where storage is forbidden. */
	kept: Map<string, string> | null = new Map();
	visibilityState = 'visible';
	isDeviceDark = false;
	languages: readonly string[] = ['en'];
	#listeners: { readonly type: string; readonly listener: Listener }[] = [];
	#now = 0;
	#alarms: { readonly at: number; readonly run: () => void }[] = [];
	#frames: (() => void)[] = [];

	/** Stands in for the browser until `vi.unstubAllGlobals`. */
	install(): void {
		vi.stubGlobal('window', {});
		vi.stubGlobal('location', this.location);
		vi.stubGlobal('history', this.history);
		vi.stubGlobal('navigator', { languages: this.languages });
		vi.stubGlobal('localStorage', { getItem: (name: string) => this.#read(name) });
		vi.stubGlobal('matchMedia', () => ({ matches: this.isDeviceDark }));
		vi.stubGlobal('requestAnimationFrame', (run: () => void) => this.#frames.push(run));
		vi.stubGlobal('Element', FakeElement);
		vi.stubGlobal('KeyboardEvent', FakeKey);
		vi.stubGlobal('document', this.#document());
	}

	readonly later = (run: () => void, milliseconds: number): void => {
		this.#alarms.push({ at: this.#now + milliseconds, run });
	};

	pass(milliseconds: number): void {
		this.#now += milliseconds;
		const due = this.#alarms.filter(({ at }) => at <= this.#now).sort((one, other) => one.at - other.at);
		this.#alarms = this.#alarms.filter(({ at }) => at > this.#now);
		for (const { run } of due) run();
	}

	/** Makes the frames that were asked for. */
	paint(): void {
		for (const run of this.#frames.splice(0)) run();
	}

	/** Lets what listens to the document see a key. */
	type(key: string, members: Partial<Pick<FakeKey, 'ctrlKey'>> = {}): FakeKey {
		const event = new FakeKey('keydown', { key, ...members });
		this.#dispatch('keydown', event as unknown as Event);
		return event;
	}

	/** Lets what listens to the document see something done with the pointer. */
	point(target: FakeElement, type = 'click'): { readonly preventDefault: () => void } {
		const event = { type, target, preventDefault: vi.fn(), stopImmediatePropagation: vi.fn() };
		this.#dispatch(type, event as unknown as Event);
		return event;
	}

	#dispatch(type: string, event: Event): void {
		for (const one of this.#listeners.filter((other) => other.type === type)) one.listener(event);
	}

	#read(name: string): string | null {
		if (this.kept === null) throw new Error('Storage is forbidden.');
		return this.kept.get(name) ?? null;
	}

	#document() {
		const { root, head, body, found } = this;
		const visible = () => this.visibilityState;
		return {
			documentElement: root,
			head,
			body,
			activeElement: null,
			get visibilityState() {
				return visible();
			},
			createElement: (name: string) => new FakeElement(name),
			querySelector: (selector: string) => found.get(selector)?.[0] ?? null,
			querySelectorAll: (selector: string) => found.get(selector) ?? [],
			addEventListener: (type: string, listener: Listener) => this.#listeners.push({ type, listener }),
			removeEventListener: (type: string, listener: Listener) => {
				this.#listeners = this.#listeners.filter((one) => one.type !== type || one.listener !== listener);
			}
		};
	}
}

/** A page of a browser, installed as the globals. */
export function installedPage(members: Partial<Pick<FakePage, 'languages' | 'isDeviceDark'>> = {}): FakePage {
	const page = Object.assign(new FakePage(), members);
	page.install();
	return page;
}
