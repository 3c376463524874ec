/** Takes one part out of one large message, in a thread of its own; see `part-reader.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readPart } from '../mail/parse.ts';

const { message, section } = workerData as { readonly message: Uint8Array; readonly section: string };
const part = readPart(message, section);
// A small one may lie in memory that others use too.
const isOwn = part !== null && part.bytes.byteLength === part.bytes.buffer.byteLength;
parentPort?.postMessage(part, isOwn && part.bytes.buffer instanceof ArrayBuffer ? [part.bytes.buffer] : []);
