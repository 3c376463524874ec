/** Marks a drag of messages; what is dragged stays in this window. */
const dragType = 'application/x-hongyan-messages';

let dragged: ReadonlySet<number> = new Set();

/** Begins to drag messages. */
export function startDrag(event: DragEvent, arrivals: ReadonlySet<number>): void {
	dragged = arrivals;
	event.dataTransfer?.setData(dragType, String(arrivals.size));
	if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
}

/** Whether a drag carries messages. */
export function carriesMessages(event: DragEvent): boolean {
	return event.dataTransfer?.types.includes(dragType) ?? false;
}

/** The messages that were dropped. */
export function droppedMessages(): ReadonlySet<number> {
	const arrivals = dragged;
	dragged = new Set();
	return arrivals;
}
