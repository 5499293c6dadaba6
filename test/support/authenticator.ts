import type { CDPSession, Page } from 'playwright-core';
import type { Json } from './client.js';

/** A passkey as Chromium's virtual authenticator holds it. */
export interface HeldPasskey {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

/** The virtual authenticator of a page in Chromium, whose person is always there and always verified. */
export class Authenticator {
  private constructor(
    private readonly page: Page,
    private readonly devtools: CDPSession,
    private readonly id: string,
  ) {}

  static async of(page: Page): Promise<Authenticator> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Authenticator(page, devtools, authenticatorId);
  }

  async held(): Promise<HeldPasskey[]> {
    const { credentials } = await this.devtools.send('WebAuthn.getCredentials', { authenticatorId: this.id });
    return credentials;
  }

  /** Puts this in place of all that it holds: an older state, or what another one held. */
  async hold(...passkeys: HeldPasskey[]): Promise<void> {
    await this.devtools.send('WebAuthn.clearCredentials', { authenticatorId: this.id });
    for (const credential of passkeys)
      await this.devtools.send('WebAuthn.addCredential', { authenticatorId: this.id, credential });
  }

  /** Whether somebody touches it when it asks. */
  async present(enabled: boolean): Promise<void> {
    const authenticatorId = this.id;
    await this.devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  }

  /** Whether it recognises its person. */
  async recognise(isUserVerified: boolean): Promise<void> {
    await this.devtools.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified });
  }

  /** An answer to these options, for the page where it is now. */
  get(options: Json): Promise<Json> {
    return this.page.evaluate(
      `navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)}) })
         .then((credential) => credential.toJSON())`,
    );
  }

  create(options: Json): Promise<Json> {
    return this.page.evaluate(
      `navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}) })
         .then((credential) => credential.toJSON())`,
    );
  }
}
