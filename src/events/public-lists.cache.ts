import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** A printed answer, ready to be sent again. */
export interface PrintedList {
  readonly body: Buffer;
  readonly etag: string;
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
  private readonly lists = new LRUCache<string, Promise<PrintedList> | PrintedList>({
    max: LISTS_KEPT,
    ttl: TTL_MS,
  });

  get(url: string, read: () => Promise<unknown>): Promise<PrintedList> | PrintedList {
    const known = this.lists.get(url);
    if (known) return known;
    const printing = read().then(print);
    this.lists.set(url, printing);
    printing.then(
      (list) => this.replace(url, printing, list),
      () => this.replace(url, printing, undefined),
    );
    return printing;
  }

  /** Forgets all, also what is being read now: it may not know the change yet. */
  clear(): void {
    this.lists.clear();
  }

  private replace(url: string, printing: Promise<PrintedList>, list: PrintedList | undefined): void {
    if (this.lists.peek(url) !== printing) return;
    if (list) this.lists.set(url, list, { ttl: this.lists.getRemainingTTL(url), noUpdateTTL: true });
    else this.lists.delete(url);
  }
}

function print(answer: unknown): PrintedList {
  const body = Buffer.from(JSON.stringify(answer));
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
