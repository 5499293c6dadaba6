import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { api, client, ok, type Schemas } from '../api.js';
import { Told } from '../ui/errors.js';

/** Pages inside of others get no passkeys from the browser. */
export const canUsePasskeys = (): boolean => window.top === window && browserSupportsWebAuthn();

export const canOfferInField = async (): Promise<boolean> =>
  canUsePasskeys() && (await browserSupportsWebAuthnAutofill());

/** Somebody turned to something else meanwhile; nothing has to be said about it. */
export const wasLeft = (error: unknown): boolean =>
  error instanceof WebAuthnError && error.code === 'ERROR_CEREMONY_ABORTED';

/** @param inField the browser offers passkeys in the field for the address, and this waits for a choice there */
export async function logInWithPasskey(inField = false): Promise<unknown> {
  const optionsJSON = await ok(api.POST('/api/v1/auth/login/passkey/options'));
  const passkey = await asked(() => startAuthentication({ optionsJSON, useBrowserAutofill: inField }));
  return client.loginWithPasskey(passkey as Schemas['PasskeyProof']);
}

/** Proves again who somebody is. */
export async function proveWithPasskey(): Promise<void> {
  const optionsJSON = await ok(api.POST('/api/v1/auth/step-up/options'));
  const passkey = await asked(() => startAuthentication({ optionsJSON }));
  await client.stepUp({ passkey: passkey as Schemas['PasskeyProof'] });
}

export async function makePasskey(): Promise<Schemas['Passkey']> {
  const optionsJSON = await ok(api.POST('/api/v1/auth/me/passkeys/options'));
  const credential = await asked(() => startRegistration({ optionsJSON }));
  const body = { credential: credential as Schemas['NewCredential'] };
  return ok(api.POST('/api/v1/auth/me/passkeys', { body }));
}

/** Errors of the browser in words of ours. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (wasLeft(error)) throw error;
    const code = error instanceof WebAuthnError ? error.code : undefined;
    if (code === 'ERROR_INVALID_DOMAIN' || code === 'ERROR_INVALID_RP_ID')
      throw new Told('account.passkeyElsewhere');
    if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') throw new Told('account.passkeyHere');
    throw new Told('account.passkeyNone');
  }
}
