import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ApiKeysService } from '../auth/keys/api-keys.service.js';
import { Background } from '../platform/common/background.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { MailService } from '../platform/mail/mail.service.js';

const DAY = 86_400_000;

/** Tells people that a key of theirs was sent in an address, where logs and histories keep it. */
@Injectable()
export class KeyLeaksService implements BeforeApplicationShutdown {
  private readonly background = new Background();
  /** When each key was last told of, so that a machine that goes on is told of once a day. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly database: DatabaseService,
    private readonly keys: ApiKeysService,
    private readonly facts: FactsService,
    private readonly mail: MailService,
  ) {}

  /** Works after the answer. A text that is no key of ours is nothing to tell of. */
  report(text: string): void {
    const key = this.keys.find(text);
    if (!key || (this.told.get(key.id) ?? 0) > Date.now() - DAY) return;
    this.told.set(key.id, Date.now());
    this.background.run('A key in an address', async () => {
      const { id: keyId, organisationId } = key;
      const found = (await this.keys.ofOrganisation(organisationId)).find((one) => one.id === keyId);
      if (!found) return;
      await this.database.transaction(async (tx) => {
        const about = { stream: 'organisation', streamId: organisationId };
        await this.facts.append(tx, { ...about, type: 'organisation.key_in_address', data: { keyId } });
        const data = { organisationId, key: found.name, ending: found.ending };
        await this.mail.queue(tx, { kind: 'organisation.key_leaked', userId: found.createdBy, data });
      });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.background.drain();
  }
}
