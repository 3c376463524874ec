import type { RegisterValue } from '#schema/docs/registers.ts';
import type { MessageField } from '#schema/mail/message.ts';
import type { Action, Undone } from './changes/actions.ts';

export { beneath, type Action } from './changes/actions.ts';

/** The part of a replica the screens write through. */
export interface Replica {
	/**
	 * Writes one field of many messages: a mailbox id for `mailbox`, a boolean for a keyword. Messages that
	 * have the value already are left out. Resolves when it is committed on this device and painted;
	 * rejects with StorageError `full` where the disk is full, and nothing changed then.
	 */
	writeMessages(arrivals: Iterable<number>, field: MessageField, value: RegisterValue): Promise<Action>;
	/** Gives back the earlier values, where nobody wrote the field since; says how many. Resolves when committed here. */
	undo(action: Action): Promise<Undone>;
	/** The value of a register of another subject, such as `settings`; pending changes are laid over it. */
	subjectValue(subject: string, field: string): RegisterValue | undefined;
	writeSubject(subject: string, values: Readonly<Record<string, RegisterValue>>): Promise<void>;
	/** Calls back with the subjects whose registers changed. */
	subscribeSubjects(listener: (subjects: readonly string[]) => void): () => void;
}
