import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { assertAdminLeft } from './roles.rules.js';
import { UsersRepository } from './users.repository.js';

/** Accounts that an operator locks, or opens for a person who lost the second factor. Bookings, tickets and events of theirs stay as they are. */
@Injectable()
export class AccountLocksService {
  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly factors: SecondFactorsService,
  ) {}

  /**
   * Refuses logins from now on and ends all sessions at once; a second lock replaces the reason.
   * Errors: `not_found`, `last_admin` (409).
   */
  async lock(id: string, reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      assertAdminLeft(await this.users.lockAdmins(tx), id);
      if (!(await this.users.update(tx, id, { lockedAt: new Date(), lockedReason: reason })))
        throw new DomainError('not_found');
      await this.sessions.endAll(tx, id);
    });
  }

  /** Errors: `not_found`. */
  async unlock(id: string): Promise<void> {
    const unlocked = await this.database.transaction((tx) =>
      this.users.update(tx, id, { lockedAt: null, lockedReason: null }),
    );
    if (!unlocked) throw new DomainError('not_found');
  }

  /** Ends all sessions with it, since somebody else may have asked for it. Errors: `not_found`, `second_factor_off`. */
  async endSecondFactor(id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.users.find(id))) throw new DomainError('not_found');
      await this.factors.end(tx, id);
      await this.sessions.endAll(tx, id);
    });
  }
}
