import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { GrantsService } from '../../auth/grants/grants.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { urlProblem } from '../../platform/common/address.rules.js';
import { CallResult } from '../../platform/common/call-result.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { newId } from '../../platform/common/ids.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { IdempotencyService } from '../../platform/database/idempotency.service.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { formatSecret, SECRET_BYTES } from './webhook.rules.js';
import { type WebhookRecord, WebhooksRepository } from './webhooks.repository.js';
import type { NewWebhook, Webhook, WebhookChanges, WebhookWithSecret } from './webhooks.schemas.js';

const MOST_OF_ONE = 20;

/** Webhooks of organisations. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly database: DatabaseService,
    private readonly idempotency: IdempotencyService,
    private readonly webhooks: WebhooksRepository,
    private readonly facts: FactsService,
    private readonly grants: GrantsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async list(user: Principal): Promise<{ data: Webhook[] }> {
    return { data: (await this.webhooks.ofOrganizer(this.grants.acting(user, 'settings'))).map(toBody) };
  }

  /** Errors: `not_found`, also when it is another organisation's, `permission_missing`. */
  async find(user: Principal, id: string): Promise<Webhook> {
    const found = await this.webhooks.find(id);
    if (!found) throw new DomainError('not_found');
    const where = { organisationId: found.organizerId };
    this.grants.require(user, 'settings', where, 'There is no such webhook of yours.');
    return toBody(found);
  }

  /** Errors: `webhook_url_refused`, `too_many_webhooks`, `idempotency_*`. */
  async create(
    user: Principal,
    fields: NewWebhook,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<WebhookWithSecret>> {
    const organisation = this.grants.acting(user, 'settings');
    this.assertUrl(fields.url);
    const secret = randomBytes(SECRET_BYTES);
    const id = newId();
    return this.database.transaction((tx) =>
      this.idempotency.run(tx, call, async () => {
        if ((await this.webhooks.lockOwner(tx, organisation)) >= MOST_OF_ONE)
          throw new DomainError('too_many_webhooks', {
            detail: `An organisation can have ${MOST_OF_ONE}.`,
          });
        const made = await this.webhooks.insert(tx, id, organisation, fields, secret);
        const data = { facts: fields.facts };
        await this.facts.append(tx, { ...about(user, id), type: 'webhook.created', data });
        return { ...toBody(made), secret: formatSecret(secret) };
      }),
    );
  }

  /** Errors: `not_found`, `version_mismatch`, `webhook_url_refused`. */
  async update(user: Principal, id: string, version: number, changes: WebhookChanges): Promise<Webhook> {
    await this.find(user, id);
    if (changes.url) this.assertUrl(changes.url);
    return this.database.transaction(async (tx) => {
      const changed = await this.webhooks.update(tx, id, version, changes);
      if (!changed) throw new DomainError('version_mismatch');
      const data = { changed: Object.keys(changes) };
      await this.facts.append(tx, { ...about(user, id), type: 'webhook.updated', data });
      return toBody(changed);
    });
  }

  /** A new secret; the old one signs along for a day. Errors: `not_found`. */
  async changeSecret(user: Principal, id: string): Promise<WebhookWithSecret> {
    await this.find(user, id);
    const secret = randomBytes(SECRET_BYTES);
    return this.database.transaction(async (tx) => {
      const changed = await this.webhooks.changeSecret(tx, id, secret);
      if (!changed) throw new DomainError('not_found');
      await this.facts.append(tx, { ...about(user, id), type: 'webhook.secret_changed', data: {} });
      return { ...toBody(changed), secret: formatSecret(secret) };
    });
  }

  /** Its deliveries go with it. Errors: `not_found`. */
  async delete(user: Principal, id: string): Promise<void> {
    await this.find(user, id);
    await this.database.transaction(async (tx) => {
      if (!(await this.webhooks.delete(tx, id))) throw new DomainError('not_found');
      await this.facts.append(tx, { ...about(user, id), type: 'webhook.deleted', data: {} });
    });
  }

  private assertUrl(url: string): void {
    const problem = urlProblem(url, this.config.webhooks.allowPrivate);
    if (problem)
      throw new DomainError('webhook_url_refused', {
        errors: [{ path: 'url', message: problem }],
      });
  }
}

const about = (user: Principal, id: string) => ({ stream: 'webhook', streamId: id, actor: user.id });

const toBody = (webhook: WebhookRecord): Webhook => ({
  id: webhook.id,
  url: webhook.url,
  facts: webhook.facts,
  description: webhook.description,
  active: webhook.active,
  disabledReason: webhook.disabledReason,
  version: webhook.version,
  createdAt: webhook.createdAt.toISOString(),
  updatedAt: webhook.updatedAt.toISOString(),
});
