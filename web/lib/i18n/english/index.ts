import type { Catalogue } from '../catalogue.ts';
import { compose } from './compose.ts';
import { frame } from './frame.ts';
import { mail } from './mail.ts';
import { session } from './session.ts';
import { start } from './start.ts';

/** Everything the screen says, in English. */
export const english: Catalogue = { ...session, ...frame, ...mail, ...compose, ...start };
