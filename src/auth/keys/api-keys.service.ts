import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { RecentChanges } from '../../platform/database/recent-changes.js';
import { afterCommit, type Tx } from '../../platform/database/tx.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import type { ApiKeyEntity as ApiKey } from './api-key.entity.js';
import { ApiKeysRepository, type NewApiKey } from './api-keys.repository.js';
import {
  isOver,
  KEY_IN_TEXT,
  KeyRing,
  type KeyUse,
  type KnownKey,
  keyHash,
  looksLikeKey,
  newKey,
} from './key.rules.js';

export type { ApiKeyEntity as ApiKey } from './api-key.entity.js';

const CHANNEL = 'auth.keys';

/**
 * Keys of organisations, known by every replica as memberships are: a key that is ended opens nothing within a second.
 * The rights of a key stand among the grants, under its id.
 */
@Injectable()
export class ApiKeysService implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(ApiKeysService.name);
  private readonly ring = new KeyRing();
  private uses = new Map<string, KeyUse>();
  private readonly changes = new RecentChanges(async (seconds) =>
    this.ring.learn(await this.keys.changedWithin(seconds)),
  );

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly redis: RedisService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.redis.listen(CHANNEL, () => void this.hear());
    await this.changes.begin(async () => this.ring.learn(await this.keys.all()));
  }

  /** The machine that sent this key. Errors: `key_invalid`, `key_ended` (401). */
  authenticate(token: string): Principal {
    const key = looksLikeKey(token) ? this.ring.find(token) : undefined;
    if (!key) throw new DomainError('key_invalid');
    const now = Date.now();
    if (isOver(key, now)) throw new DomainError('key_ended');
    const { id, organisationId: organisation, test } = key;
    this.count(id, now);
    const machine = {
      id,
      role: 'organizer',
      sessionId: id,
      locale: 'en',
      organisation,
      isKey: true,
    } as const;
    return test ? { ...machine, isTest: true } : machine;
  }

  /** Whether the key with this id still opens anything, and so what was made with it. */
  isGood(id: string): boolean {
    const key = this.ring.withId(id);
    return key !== undefined && !isOver(key, Date.now());
  }

  /** Finds a text that looks like a key in an address. */
  inAddress(url: string): string | undefined {
    return url.includes('evk_') ? KEY_IN_TEXT.exec(url)?.[0] : undefined;
  }

  /** The key that this is, if it is one of ours and has not ended. */
  find(token: string): KnownKey | undefined {
    const key = this.ring.find(token);
    return key && !isOver(key, Date.now()) ? key : undefined;
  }

  ofOrganisation(organisationId: string): Promise<ApiKey[]> {
    return this.keys.ofOrganisation(organisationId);
  }

  /** With those that were ended within so many days. */
  shown(organisationId: string, days: number): Promise<ApiKey[]> {
    return this.keys.shown(organisationId, days);
  }

  one(tx: Tx, organisationId: string, id: string): Promise<ApiKey | null> {
    return this.keys.find(tx, organisationId, id);
  }

  /** @returns the key as well, which is kept nowhere */
  async make(tx: Tx, fields: Omit<NewApiKey, 'hash' | 'ending'>): Promise<{ made: ApiKey; key: string }> {
    const key = newKey(fields.test);
    const made = await this.keys.insert(tx, { ...fields, hash: keyHash(key), ending: key.slice(-4) });
    this.tell(tx);
    return { made, key };
  }

  /** @returns false when there was none */
  async end(tx: Tx, organisationId: string, id: string): Promise<boolean> {
    const ended = await this.keys.end(tx, organisationId, id);
    if (ended) this.tell(tx);
    return ended;
  }

  async endBy(tx: Tx, id: string, at: Date): Promise<void> {
    await this.keys.endBy(tx, id, at);
    this.tell(tx);
  }

  /** Reads what changed. Call after the commit, before the answer. */
  @Every({ name: 'auth.keys', seconds: 0.5, everywhere: true })
  async follow(): Promise<void> {
    await this.changes.follow();
  }

  @Every({ name: 'auth.keys-used', seconds: 60, everywhere: true })
  async noteUses(): Promise<void> {
    if (this.uses.size === 0) return;
    const uses = this.uses;
    this.uses = new Map();
    await this.keys.used(uses);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.noteUses().catch((error) => this.log.warn({ err: error }, 'Last uses of keys are lost'));
  }

  /** In memory only: a request with a key writes nothing. */
  private count(id: string, at: number): void {
    const use = this.uses.get(id);
    if (!use) this.uses.set(id, { at, requests: 1 });
    else {
      use.at = at;
      use.requests++;
    }
  }

  private tell(tx: Tx): void {
    afterCommit(tx, () => void this.redis.tell(CHANNEL, ''));
  }

  private async hear(): Promise<void> {
    try {
      await this.follow();
    } catch (error) {
      // The next look, within a second, reads it as well.
      this.log.warn({ err: error }, 'Changed keys cannot be read right now');
    }
  }
}
