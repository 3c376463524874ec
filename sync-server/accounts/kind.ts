export { directoryKind } from '../store/directory/kind.ts';
