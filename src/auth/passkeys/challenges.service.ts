import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { OneTimeTokensRepository, type PasskeyPurpose } from '../tokens/one-time-tokens.repository.js';
import { newToken, tokenHash } from '../tokens/sessions.service.js';

/** Seconds in which a person answers a challenge. */
export const CHALLENGE_SECONDS = 5 * 60;

/** Challenges of passkeys: each is for one purpose, one person if there is one yet, and works once, on any replica. */
@Injectable()
export class ChallengesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly tokens: OneTimeTokensRepository,
  ) {}

  /** 256 random bits. `userId`: null before anybody is known. */
  async make(purpose: PasskeyPurpose, userId: string | null): Promise<Buffer> {
    const challenge = newToken();
    await this.tokens.insert(tokenHash(challenge), userId, purpose, CHALLENGE_SECONDS);
    return Buffer.from(challenge, 'base64url');
  }

  /** Uses it up, whatever the answer is worth. Errors: `passkey_challenge_invalid`, which leaves that of another person. */
  async use(challenge: string, purpose: PasskeyPurpose, userId: string | null): Promise<void> {
    await this.database.transaction(async (tx) => {
      const token = await this.tokens.use(tx, tokenHash(challenge), purpose);
      if (!token || token.userId !== userId) throw new DomainError('passkey_challenge_invalid');
    });
  }
}
