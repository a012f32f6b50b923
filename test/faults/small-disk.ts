import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PART = Buffer.alloc(1024 * 1024, 1);

/** A file system of its own for a data directory, in memory, which can be filled. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Writes until there is no room left. */
  fill(): void;
  /** Makes the room that `fill` took. */
  clear(): void;
  /** Mounts it for reading only, or for writing again; no file may be open for writing. */
  writable(is: boolean): void;
}

/** Mounts a disk of so many MB; null where that is not allowed (not root, or a container). */
export async function mountSmallDisk(megabytes: number, options = ''): Promise<SmallDisk | null> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m${options}`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => fill(filler),
    clear: () => rmSync(filler),
    writable: (is) => void execFileSync('mount', ['-o', `remount,${is ? 'rw' : 'ro'}`, folder]),
    [Symbol.asyncDispose]: async () => {
      execFileSync('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

function fill(file: string): void {
  for (let size = PART.length; size >= 1; size = Math.floor(size / 8)) {
    try {
      for (;;) writeFileSync(file, PART.subarray(0, size), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
