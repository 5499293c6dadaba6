import { Inject, Injectable } from '@nestjs/common';
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { CHALLENGE_SECONDS, ChallengesService } from './challenges.service.js';
import type { PasskeyEntity } from './passkey.entity.js';
import { clientDataOf, descriptorOf, handleOf, refusalOf, type Site, siteOf } from './passkey.rules.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { type CreationOptions, creationOptions, type NewCredential } from './passkeys.schemas.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    'account.passkey_added': { name: string };
    'account.passkey_removed': { name: string };
  }
}

/** Passkeys of one account. */
const MOST = 25;
/** Signatures that are understood, by their COSE numbers: Ed25519, ECDSA and RSA, each with SHA-256. */
const ALGORITHMS = [-8, -7, -257];

/** Person for whom a passkey is made, as the authenticator shows it. */
interface Owner {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** Passkeys of accounts: made, named and removed. Each shows two factors, the device and its PIN, finger or face. */
@Injectable()
export class PasskeysService {
  private readonly site: Site;

  constructor(
    @Inject(CONFIG) { http }: Config,
    private readonly database: DatabaseService,
    private readonly passkeys: PasskeysRepository,
    private readonly challenges: ChallengesService,
    private readonly mail: MailService,
  ) {
    this.site = siteOf(http.publicUrl);
  }

  async list(userId: string) {
    return { data: (await this.passkeys.of(userId)).map(passkeyOf) };
  }

  count(userId: string): Promise<number> {
    return this.passkeys.count(userId);
  }

  /** Options from which the browser makes a passkey. @param rpName name of this installation. Errors: `passkeys_full` (409). */
  async begin({ id, email, name }: Owner, rpName: string): Promise<CreationOptions> {
    const known = await this.passkeys.of(id);
    if (known.length >= MOST) throw new DomainError('passkeys_full');
    const options = await generateRegistrationOptions({
      rpName,
      rpID: this.site.id,
      userID: Uint8Array.from(handleOf(id)),
      userName: email,
      userDisplayName: name,
      challenge: Uint8Array.from(await this.challenges.make('passkey_new', id)),
      timeout: CHALLENGE_SECONDS * 1000,
      excludeCredentials: known.map(descriptorOf),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return creationOptions.parse(options);
  }

  /**
   * Keeps a passkey that a browser has made, and tells its person by mail.
   * Errors: `passkey_challenge_invalid` (422), `passkey_elsewhere`, `passkey_invalid` (403), `passkey_known`,
   * `passkeys_full` (409).
   */
  async add(userId: string, credential: NewCredential, name: string) {
    const said = clientDataOf(credential.response.clientDataJSON);
    if (!said) throw new DomainError('passkey_invalid');
    await this.challenges.use(said.challenge, 'passkey_new', userId);
    const made = await this.verified(credential, said.challenge, said.origin);
    const id = newId();
    await this.database.transaction(async (tx) => {
      await this.passkeys.lock(tx, userId);
      // Counted once the others have committed that were locked.
      if ((await this.passkeys.countIn(tx, userId)) >= MOST) throw new DomainError('passkeys_full');
      await this.passkeys.insert(tx, { id, userId, name, ...made });
      await this.mail.queue(tx, { kind: 'account.passkey_added', userId, data: { name } });
    });
    return passkeyOf((await this.passkeys.of(userId)).find((passkey) => passkey.id === id)!);
  }

  /** Errors: `not_found`. */
  async rename(userId: string, id: string, name: string): Promise<void> {
    if (!(await this.passkeys.rename(userId, id, name))) throw noSuch();
  }

  /**
   * @param hasOtherWay whether the person can log in without any passkey
   * Errors: `not_found`, `last_way_in` (409).
   */
  async remove(userId: string, id: string, hasOtherWay: (tx: Tx) => Promise<boolean>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const all = await this.passkeys.lock(tx, userId);
      const removed = all.find((passkey) => passkey.id === id);
      if (!removed) throw noSuch();
      if (all.length === 1 && !(await hasOtherWay(tx))) throw new DomainError('last_way_in');
      await this.passkeys.remove(tx, id);
      const data = { name: removed.name };
      await this.mail.queue(tx, { kind: 'account.passkey_removed', userId, data });
    });
  }

  /** With the person's account. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.passkeys.erase(tx, userId);
  }

  private async verified(response: NewCredential, challenge: string, origin: string) {
    if (origin !== this.site.origin) throw new DomainError('passkey_elsewhere');
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as never,
      expectedChallenge: challenge,
      expectedOrigin: this.site.origin,
      expectedRPID: this.site.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch((error) => {
      throw refusalOf(error);
    });
    if (!verified) throw new DomainError('passkey_invalid');
    const { credential, credentialBackedUp } = registrationInfo;
    return {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: response.response.transports ?? [],
      synced: credentialBackedUp,
    };
  }
}

const passkeyOf = ({ id, name, synced, createdAt, lastUsedAt }: PasskeyEntity) => ({
  id,
  name,
  synced,
  createdAt,
  lastUsedAt,
});

const noSuch = () => new DomainError('not_found', { detail: 'There is no such passkey of yours.' });
