import { runWriter } from '../writer-thread.ts';
import { trialCreatedKind, trialKind } from './kind.ts';

runWriter([trialKind, trialCreatedKind]);
