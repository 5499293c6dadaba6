import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { digest, type Encoding, encodingFor, pack } from '../common/printed.js';

/** An answer printed once, and compressed once for each encoding that was asked for. */
export class PrintedList {
  private readonly body: Buffer;
  private readonly digest: string;
  private readonly packed: Partial<Record<Encoding, Buffer>> = {};

  constructor(answer: unknown) {
    this.body = Buffer.from(JSON.stringify(answer));
    this.digest = digest(this.body);
  }

  /** The bytes for an `Accept-Encoding` header, and the strong ETag of these. */
  as(acceptEncoding: string | undefined): { body: Buffer; encoding: Encoding; etag: string } {
    const encoding = encodingFor(acceptEncoding, this.body.length);
    this.packed[encoding] ??= pack(this.body, encoding);
    return { body: this.packed[encoding], encoding, etag: `"${this.digest}.${encoding}"` };
  }
}

interface Entry {
  readonly printing: Promise<PrintedList>;
  printed?: PrintedList;
}

const TTL_MS = 1_000;
/** A full page of 100 events is about 60 kB, so this stays below 20 MB. */
const LISTS_KEPT = 300;

/**
 * Public lists of the last second, printed. Requests for a list that is being read wait for it, so that a rush costs
 * the database one statement a second for each list.
 */
@Injectable()
export class PublicListsCache {
  private readonly lists = new LRUCache<string, Entry>({ max: LISTS_KEPT, ttl: TTL_MS });

  /** The list, if it is here and printed. */
  known(url: string): PrintedList | undefined {
    return this.lists.get(url)?.printed;
  }

  get(url: string, read: () => Promise<unknown>): Promise<PrintedList> {
    const known = this.lists.get(url);
    if (known) return known.printing;
    const entry: Entry = { printing: read().then((answer) => new PrintedList(answer)) };
    this.lists.set(url, entry);
    entry.printing.then(
      (printed) => {
        entry.printed = printed;
      },
      () => {
        if (this.lists.peek(url) === entry) this.lists.delete(url);
      },
    );
    return entry.printing;
  }

  /** Forgets all, also what is being read now: it may not know the change yet. */
  clear(): void {
    this.lists.clear();
  }
}
