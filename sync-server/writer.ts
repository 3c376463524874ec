import { directoryKind } from './accounts/kind.ts';
import { joinThread } from './mail/thread.ts';
import { queueKind } from './queue/kind.ts';
import { spaceKind } from './store/space/kind.ts';
import { runWriter } from './store/writer-thread.ts';

/** The entry of every writer thread: the kinds of files there are. */
runWriter([spaceKind(joinThread), queueKind, directoryKind]);
