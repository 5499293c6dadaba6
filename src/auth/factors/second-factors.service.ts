import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { MailService } from '../../platform/mail/mail.service.js';
import type { LoginMethod } from '../tokens/login-methods.js';
import {
  isTotpCode,
  newRecoveryCodes,
  newSecret,
  recoveryHash,
  spelled,
  stepOf,
  uriOf,
} from './codes.rules.js';
import { SecondFactorsRepository } from './second-factors.repository.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    'account.second_factor_on': Record<string, never>;
    'account.second_factor_off': Record<string, never>;
    'account.recovery_code_used': { left: number };
  }
}

/** How an account's second factor stands. */
export interface SecondFactor {
  readonly on: boolean;
  readonly recoveryCodesLeft: number;
}

/** The second factor of accounts: an authenticator app (TOTP, RFC 6238), and codes on paper for its loss. */
@Injectable()
export class SecondFactorsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly factors: SecondFactorsRepository,
    private readonly mail: MailService,
  ) {}

  async standing(userId: string): Promise<SecondFactor> {
    const on = await this.isOn(userId);
    return { on, recoveryCodesLeft: on ? await this.factors.codesLeft(userId) : 0 };
  }

  async isOn(userId: string): Promise<boolean> {
    return (await this.factors.find(userId))?.confirmedAt != null;
  }

  /**
   * A secret for an authenticator app, which counts once the app has shown a right code.
   * @param issuer name under which the app shows it
   * @param label account within the issuer
   * Errors: `second_factor_on` (409).
   */
  async begin(userId: string, issuer: string, label: string): Promise<{ secret: string; uri: string }> {
    const secret = newSecret();
    if (!(await this.factors.begin(userId, secret))) throw new DomainError('second_factor_on');
    return { secret: spelled(secret), uri: uriOf(secret, issuer, label) };
  }

  /** @returns recovery codes, which are shown this once. Errors: `second_factor_on`, `second_factor_off`, `wrong_code`. */
  async confirm(userId: string, code: string): Promise<string[]> {
    const begun = await this.factors.find(userId);
    if (!begun) throw new DomainError('second_factor_off', { detail: 'Ask for a secret first.' });
    if (begun.confirmedAt) throw new DomainError('second_factor_on');
    const step = stepOf(begun.secret, code, Date.now());
    if (step === undefined) throw new DomainError('wrong_code');
    return this.database.transaction(async (tx) => {
      if (!(await this.factors.confirm(tx, userId, begun.secret, step)))
        throw new DomainError('second_factor_on');
      await this.mail.queue(tx, { kind: 'account.second_factor_on', userId, data: {} });
      return this.replaceCodes(tx, userId);
    });
  }

  /** Uses up a code of the app or of the paper. Errors: `wrong_code`, also for one that was used. */
  async check(userId: string, typed: string): Promise<LoginMethod> {
    const method = isTotpCode(typed) ? 'totp' : 'recovery_code';
    const right =
      method === 'totp' ? await this.useTotp(userId, typed) : await this.useRecovery(userId, typed);
    if (!right) throw new DomainError('wrong_code');
    return method;
  }

  /** Other recovery codes; those of before are void. Errors: `second_factor_off`. */
  async renewCodes(userId: string): Promise<string[]> {
    if (!(await this.isOn(userId))) throw new DomainError('second_factor_off');
    return this.database.transaction((tx) => this.replaceCodes(tx, userId));
  }

  /** Logins do not ask for it any more. Errors: `second_factor_off`. */
  async end(tx: Tx, userId: string): Promise<void> {
    if (!(await this.factors.end(tx, userId))) throw new DomainError('second_factor_off');
    await this.mail.queue(tx, { kind: 'account.second_factor_off', userId, data: {} });
  }

  /** With the person's account. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.factors.end(tx, userId);
  }

  private async useTotp(userId: string, typed: string): Promise<boolean> {
    const factor = await this.factors.find(userId);
    if (!factor?.confirmedAt) return false;
    const step = stepOf(factor.secret, typed.replaceAll(' ', ''), Date.now());
    return step !== undefined && this.factors.useStep(userId, factor.secret, step);
  }

  private async useRecovery(userId: string, typed: string): Promise<boolean> {
    if (!(await this.factors.useCode(userId, recoveryHash(typed)))) return false;
    const left = await this.factors.codesLeft(userId);
    await this.database.transaction((tx) =>
      this.mail.queue(tx, { kind: 'account.recovery_code_used', userId, data: { left } }),
    );
    return true;
  }

  private async replaceCodes(tx: Tx, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.factors.replaceCodes(tx, userId, codes.map(recoveryHash));
    return codes;
  }
}
