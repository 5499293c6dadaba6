import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of a few megabytes that a test fills up. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Whether a file system can be mounted, which only root may, and not everywhere. */
  static get possible(): boolean {
    const disk = SmallDisk.mount(1);
    disk?.unmount();
    return disk !== undefined;
  }

  /** Undefined where no file system can be mounted, which only root may. */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'evently-small-'));
    const options = `size=${megabytes}m,mode=755`;
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0)
      return new SmallDisk(folder);
    rmSync(folder, { recursive: true });
    return undefined;
  }

  /** Until nothing more fits. */
  fill(): void {
    const file = openSync(this.filler, 'w');
    try {
      for (const size of [1 << 20, 1 << 12])
        try {
          for (;;) writeSync(file, Buffer.alloc(size, 1));
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
        }
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}
