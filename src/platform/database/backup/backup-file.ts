import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { StartupError } from '../../common/startup-error.js';

/** Header of a backup, before its tables. */
export interface BackupHeader {
  readonly format: 1;
  readonly version: string;
  readonly takenAt: string;
  /** Snapshot of PostgreSQL, as text: the transaction ids of the facts and the cursors are relative to it. */
  readonly snapshot: string;
  readonly migrations: readonly string[];
  /** Tells whether tickets of the backup will verify with the keys at hand. */
  readonly ticketKeys: readonly string[];
  readonly tables: readonly BackupTable[];
}

export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

interface Trailer {
  /** Number of rows by table. */
  readonly rows: Record<string, number>;
  /** Hash of all bytes before it. */
  readonly sha256: string;
}

const MAGIC = 'evently-backup';
/** Larger than any piece of a table that PostgreSQL sends. */
const FRAME_LIMIT = 1 << 28;
const damaged = (path: string, what: string) =>
  new StartupError(`${path} is not a complete backup: ${what}. Nothing was changed.`);

/**
 * zstd around frames of a length (4 bytes) and that many bytes; an empty frame ends a table; the trailer is the last.
 */
export class BackupWriter {
  private readonly hash = createHash('sha256');
  private readonly rows: Record<string, number> = {};
  private readonly compress = createZstdCompress();
  private readonly written: Promise<void>;

  /** @param path of the file, which appears there when it is whole */
  constructor(private readonly path: string) {
    this.written = pipeline(this.compress, createWriteStream(this.partial, { flags: 'wx', mode: 0o600 }));
    this.written.catch(() => {});
    this.compress.on('error', () => {});
  }

  private get partial(): string {
    return `${this.path}.partial`;
  }

  async begin(header: BackupHeader): Promise<void> {
    await this.frame(Buffer.from(MAGIC));
    await this.frame(Buffer.from(JSON.stringify(header)));
  }

  /** @returns how many rows */
  async table(name: string, data: Readable & { rowCount?: number }): Promise<number> {
    for await (const piece of data) if ((piece as Buffer).length > 0) await this.frame(piece as Buffer);
    await this.frame(Buffer.alloc(0));
    this.rows[name] = data.rowCount ?? 0;
    return this.rows[name];
  }

  async end(): Promise<void> {
    await this.frame(
      Buffer.from(JSON.stringify({ rows: this.rows, sha256: this.hash.copy().digest('hex') })),
    );
    this.compress.end();
    await this.written;
    const file = await open(this.partial, 'r+');
    await file.sync();
    await file.close();
    await rename(this.partial, this.path);
  }

  async discard(): Promise<void> {
    this.compress.destroy();
    await this.written.catch(() => {});
    await rm(this.partial, { force: true });
  }

  private async frame(payload: Buffer): Promise<void> {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(payload.length);
    this.hash.update(length).update(payload);
    this.compress.write(length);
    if (this.compress.write(payload)) return;
    // A full disk ends the pipeline, and then nothing drains any more.
    await Promise.race([new Promise((drained) => this.compress.once('drain', drained)), this.written]);
  }
}

/** Reads a backup from its beginning to its end; every part must have been read before the next. */
export class BackupReader {
  private readonly hash: Hash = createHash('sha256');
  private readonly bytes: AsyncIterator<Buffer>;
  private readonly file: Readable;
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly path: string) {
    this.file = createReadStream(path);
    const plain = this.file.pipe(createZstdDecompress());
    // No other listener is there between two reads; the next read gets the error.
    plain.on('error', () => {});
    this.file.on('error', (error) => plain.destroy(error));
    this.bytes = plain[Symbol.asyncIterator]();
  }

  /** Errors: StartupError for anything that is no backup. */
  async header(): Promise<BackupHeader> {
    if ((await this.frame()).toString() !== MAGIC) throw damaged(this.path, 'it is another kind of file');
    const header: BackupHeader = JSON.parse((await this.frame()).toString());
    if (header.format !== 1) throw damaged(this.path, `its format ${header.format} is of a newer release`);
    return header;
  }

  /** Data of one table, in the form that COPY reads. */
  async *table(): AsyncGenerator<Buffer> {
    for (let piece = await this.frame(); piece.length > 0; piece = await this.frame()) yield piece;
  }

  /** Rows by table. Errors: StartupError when anything differs from what was written. */
  async trailer(): Promise<Record<string, number>> {
    const expected = this.hash.copy().digest('hex');
    const { rows, sha256 }: Trailer = JSON.parse((await this.frame()).toString());
    if (sha256 !== expected) throw damaged(this.path, 'its checksum is wrong');
    return rows;
  }

  close(): void {
    this.file.destroy();
  }

  private async frame(): Promise<Buffer> {
    const length = await this.take(4);
    const size = length.readUInt32BE();
    if (size > FRAME_LIMIT) throw damaged(this.path, 'it is another kind of file');
    const payload = await this.take(size);
    this.hash.update(length).update(payload);
    return payload;
  }

  private async take(size: number): Promise<Buffer> {
    const pieces = [this.rest];
    for (let have = this.rest.length; have < size; ) {
      const { value, done } = await this.bytes.next().catch((error) => {
        if (['ENOENT', 'EACCES', 'EISDIR'].includes(error.code))
          throw new StartupError(`${this.path} cannot be read (${error.code}).`);
        throw damaged(this.path, error.message);
      });
      if (done) throw damaged(this.path, 'it ends too early');
      pieces.push(value);
      have += value.length;
    }
    const all = Buffer.concat(pieces);
    this.rest = all.subarray(size);
    return all.subarray(0, size);
  }
}

/** Reads all of it. Errors: StartupError in one line when it is no backup or not whole. */
export async function checkBackup(
  path: string,
): Promise<{ header: BackupHeader; rows: Record<string, number> }> {
  const reader = new BackupReader(path);
  try {
    const header = await reader.header();
    for (const _ of header.tables) for await (const _piece of reader.table());
    return { header, rows: await reader.trailer() };
  } catch (error) {
    throw error instanceof SyntaxError ? damaged(path, error.message) : error;
  } finally {
    reader.close();
  }
}
