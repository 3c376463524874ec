import { runWriter } from '../writer-thread.ts';
import { appendableSpaceKind } from './append.ts';
import { trialCreatedKind, trialKind } from './kind.ts';

runWriter([trialKind, trialCreatedKind, appendableSpaceKind]);
