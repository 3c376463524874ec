import { spawnSync } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';

type Command = readonly [string, ...string[]];

/** A namespace of its own, in which everybody may mount. */
const namespace = ['unshare', '--map-root-user', '--mount'] as const;

/** Mounts a disk of $1 bytes over the folder $2, with what lies in it, and runs the rest on it. */
const mounting = `set -e
size=$1; folder=$2; shift 2
mkdir -p "$folder" "$folder.disk"
mount -t tmpfs -o size="$size" tmpfs "$folder.disk"
cp -a "$folder/." "$folder.disk/"
mount --bind "$folder.disk" "$folder"
exec "$@"`;

/** Whether this machine lets a process have a disk of its own: Linux, with namespaces for everybody or as root. */
export function canMountDisks(): boolean {
	const [program, ...rest] = namespace;
	return spawnSync(program, [...rest, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
}

/** The command, run where a folder lies on a disk of so many bytes. It keeps its process id. */
export function onDisk(bytes: number, folder: string, command: Command): Command {
	return [...namespace, 'sh', '-c', mounting, 'sh', String(bytes), folder, ...command];
}

/** Writes the bytes again and again, until there is no room for them. */
export async function writeUntilFull(file: FileHandle, bytes: Uint8Array): Promise<void> {
	try {
		for (;;) await file.write(bytes);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
	}
}
