import { Inject, Injectable } from '@nestjs/common';
import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { CHALLENGE_SECONDS, ChallengesService } from './challenges.service.js';
import type { PasskeyEntity } from './passkey.entity.js';
import { clientDataOf, descriptorOf, isHandleOf, refusalOf, type Site, siteOf } from './passkey.rules.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { type PasskeyProof, type RequestOptions, requestOptions } from './passkeys.schemas.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    'account.passkey_refused': { name: string };
  }
}

/** Proofs with a passkey: of a login, in which nobody is known yet, and of the person of a session. */
@Injectable()
export class PasskeyProofsService {
  private readonly site: Site;

  constructor(
    @Inject(CONFIG) { http }: Config,
    private readonly database: DatabaseService,
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: ChallengesService,
    private readonly facts: FactsService,
    private readonly mail: MailService,
  ) {
    this.site = siteOf(http.publicUrl);
  }

  /** For a login with any passkey of this site that the browser has. */
  async beginLogin(): Promise<RequestOptions> {
    return this.options(await this.challenges.make('passkey_login', null), []);
  }

  /** For the person of a session. Errors: `second_factor_off` (409) when the account has none. */
  async beginProof(userId: string): Promise<RequestOptions> {
    const own = await this.passkeys.of(userId);
    if (own.length === 0)
      throw new DomainError('second_factor_off', { detail: 'The account has no passkey.' });
    return this.options(await this.challenges.make('passkey_proof', userId), own.map(descriptorOf));
  }

  /**
   * @returns id of the person who logs in
   * Errors: `passkey_challenge_invalid` (422), `passkey_unknown`, `passkey_elsewhere`, `passkey_invalid`,
   * `passkey_counter_back` (403).
   */
  async login(proof: PasskeyProof): Promise<string> {
    const { userId } = await this.check(proof, null);
    return userId;
  }

  /** Errors: as for `login`. */
  async prove(userId: string, proof: PasskeyProof): Promise<void> {
    await this.check(proof, userId);
  }

  /** @param userId whose passkey it has to be; null: anybody's */
  private async check(proof: PasskeyProof, userId: string | null): Promise<PasskeyEntity> {
    const said = clientDataOf(proof.response.clientDataJSON);
    if (!said) throw new DomainError('passkey_invalid');
    await this.challenges.use(said.challenge, userId === null ? 'passkey_login' : 'passkey_proof', userId);
    if (said.origin !== this.site.origin) throw new DomainError('passkey_elsewhere');
    const passkey = await this.passkeys.byCredential(Buffer.from(proof.id, 'base64url'));
    if (!passkey || (userId !== null && passkey.userId !== userId)) throw new DomainError('passkey_unknown');
    // Where nobody is known yet, the authenticator has to say for whom it answers.
    const { userHandle } = proof.response;
    if (userHandle ? !isHandleOf(passkey.userId, userHandle) : userId === null)
      throw new DomainError('passkey_invalid');
    const { counter, synced } = await this.verified(proof, said.challenge, passkey);
    if (!(await this.passkeys.use(passkey.id, counter, synced))) throw await this.wentBack(passkey, counter);
    return passkey;
  }

  private async options(challenge: Buffer, allowCredentials: { id: string; transports: string[] }[]) {
    const options = await generateAuthenticationOptions({
      rpID: this.site.id,
      challenge: Uint8Array.from(challenge),
      timeout: CHALLENGE_SECONDS * 1000,
      userVerification: 'required',
      allowCredentials,
    });
    return requestOptions.parse(options);
  }

  private async verified(proof: PasskeyProof, challenge: string, passkey: PasskeyEntity) {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: proof as never,
      expectedChallenge: challenge,
      expectedOrigin: this.site.origin,
      expectedRPID: this.site.id,
      requireUserVerification: true,
      // The count is compared where it is kept, so that of two answers at once one counts.
      credential: { id: proof.id, publicKey: Uint8Array.from(passkey.publicKey), counter: 0 },
    }).catch((error) => {
      throw refusalOf(error);
    });
    if (!verified) throw new DomainError('passkey_invalid');
    return { counter: authenticationInfo.newCounter, synced: authenticationInfo.credentialBackedUp };
  }

  /** Records that there may be a copy of a passkey, and tells its person. */
  private async wentBack({ id, userId, name }: PasskeyEntity, shown: number): Promise<DomainError> {
    return this.database.transaction(async (tx) => {
      const passkey = await this.passkeys.lockOne(tx, id);
      if (!passkey) return new DomainError('passkey_unknown');
      const data = { userId, kept: Number(passkey.counter), shown };
      await this.facts.append(tx, {
        stream: 'passkey',
        streamId: id,
        type: 'passkey.counter_went_back',
        data,
      });
      await this.mail.queue(tx, { kind: 'account.passkey_refused', userId, data: { name } });
      return new DomainError('passkey_counter_back');
    });
  }
}
