import { brotliDecompressSync } from 'node:zlib';
import { type Encoding, encodingFor } from '../http/accept.js';
import { versionTag } from '../http/etag.js';
import { digest, pack, type SerializedAnswer } from '../http/serialized-answer.js';
import type { CachedOptions } from './cached-route.js';

const TYPE = 'application/json; charset=utf-8';

/** An answer as Redis keeps it. */
export interface PackedAnswer {
  readonly body: Buffer;
  readonly encoding: Encoding;
  readonly etag: string;
}

/** Answer of a route, serialized once, and compressed once for each encoding that was asked for. */
export class Answer {
  private readonly serialized: Partial<Record<Encoding, SerializedAnswer>> = {};
  private readonly headers: Record<string, string>;

  private constructor(
    readonly body: Buffer,
    /** Without the encoding; a version stays as it is, because edits name it. */
    private readonly etag: string,
    { maxAge = 0 }: CachedOptions,
  ) {
    this.headers = { 'Cache-Control': maxAge > 0 ? `public, max-age=${maxAge}` : 'public, no-cache' };
  }

  static of(value: unknown, options: CachedOptions): Answer {
    const body = Buffer.from(JSON.stringify(value));
    const version = options.etag === 'version' && (value as { version: number }).version;
    return new Answer(body, version ? versionTag(version) : digest(body), options);
  }

  static unpack({ body, encoding, etag }: PackedAnswer, options: CachedOptions): Answer {
    const answer = new Answer(encoding === 'br' ? brotliDecompressSync(body) : body, etag, options);
    answer.serialized[encoding] = answer.serialize(body, encoding);
    return answer;
  }

  as(acceptEncoding: string | undefined): SerializedAnswer {
    const encoding = encodingFor(acceptEncoding, this.body.length);
    this.serialized[encoding] ??= this.serialize(pack(this.body, encoding), encoding);
    return this.serialized[encoding];
  }

  pack(): PackedAnswer {
    const { body, encoding } = this.as('br');
    return { body, encoding, etag: this.etag };
  }

  private serialize(body: Buffer, encoding: Encoding): SerializedAnswer {
    const etag = this.etag.startsWith('"') ? this.etag : `"${this.etag}.${encoding}"`;
    return { type: TYPE, body, encoding, etag, headers: this.headers };
  }
}
