import { spaceKind } from '../space/kind.ts';
import { runWriter } from '../writer-thread.ts';
import { trialCreatedKind, trialKind } from './kind.ts';
import { joinByIds } from './space.ts';

runWriter([trialKind, trialCreatedKind, spaceKind(joinByIds)]);
