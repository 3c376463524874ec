import { compose } from './compose.ts';
import { frame } from './frame.ts';
import { mail } from './mail.ts';
import { session } from './session.ts';
import { start } from './start.ts';

/** Everything the screen says, in Chinese. */
export const chinese = { ...session, ...frame, ...mail, ...compose, ...start } as const;
