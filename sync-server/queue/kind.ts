export { queueKind } from '../store/queue/kind.ts';
