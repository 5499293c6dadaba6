import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { KIND_NAMES, KINDS } from './notification.kinds.js';
import type { NewPreferences, PreferencesBody } from './notifications.schemas.js';
import { PreferencesRepository } from './preferences.repository.js';

/** People's choice of notifications, and of the way they get them. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly preferences: PreferencesRepository,
  ) {}

  async read({ id }: Principal): Promise<PreferencesBody> {
    const own = new Map((await this.preferences.ofUser(id)).map((row) => [row.kind, row]));
    return {
      data: KIND_NAMES.map((kind) => ({
        kind,
        inApp: own.get(kind)?.inApp ?? true,
        mail: own.get(kind)?.mail ?? KINDS[kind].mail,
        alwaysInApp: KINDS[kind].always,
      })),
    };
  }

  /** Kinds that are not named go back to their default. Errors: `notification_required`. */
  async replace(user: Principal, { data }: NewPreferences): Promise<PreferencesBody> {
    const refused = data.flatMap(({ kind, inApp }, i) =>
      KINDS[kind].always && !inApp ? [{ path: `data.${i}.inApp`, message: `${kind} is always shown` }] : [],
    );
    if (refused.length > 0) throw new DomainError('notification_required', { errors: refused });
    await this.database.transaction((tx) => this.preferences.replace(tx, user.id, data));
    return this.read(user);
  }

  /** No mails of any kind to these accounts, whose addresses nobody reads. */
  async stopMails(userIds: readonly string[]): Promise<void> {
    await this.preferences.stopMails(userIds, KIND_NAMES);
  }
}
