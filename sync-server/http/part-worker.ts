/** Takes one part out of one large message, in a thread of its own; see `part-reader.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readPart } from '../mail/parse.ts';

const { message, section } = workerData as { readonly message: Uint8Array; readonly section: string };
parentPort?.postMessage(readPart(message, section));
