import { expect, it } from 'vitest';
import { BlobError } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';
import { complaintOf } from './complaint.ts';

it('says of a full disk what to do, whether it is a small message or a large one that finds it full', () => {
	const line = 'the disk is full; what was imported stays, run it again when there is room';
	expect(complaintOf(new StoreError('full', ''))).toBe(line);
	expect(complaintOf(new BlobError('full'))).toBe(line);
});
