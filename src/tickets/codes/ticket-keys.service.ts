import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { keyId, rawPublicKey, readToken, signToken, type TicketClaims } from './ticket-token.rules.js';

/** PKCS#8 of an Ed25519 key up to its 32 bytes of seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The keys that tickets are signed with. The first signs; older ones still verify. */
@Injectable()
export class TicketKeysService {
  private readonly keys: readonly KeyObject[];

  constructor(@Inject(CONFIG) config: Config) {
    this.keys = config.tickets.keys.map((seed) =>
      createPrivateKey({
        key: Buffer.concat([PKCS8_HEAD, Buffer.from(seed, 'base64url')]),
        format: 'der',
        type: 'pkcs8',
      }),
    );
  }

  sign(claims: TicketClaims): string {
    return signToken(claims, this.keys[0]!);
  }

  read(token: string): TicketClaims | undefined {
    return readToken(token, this.keys);
  }

  /** The public halves as a JSON Web Key Set (RFC 8037); `kid` is the key id of the token in hex. */
  published() {
    return {
      keys: this.keys.map((key) => ({
        kty: 'OKP' as const,
        crv: 'Ed25519' as const,
        use: 'sig' as const,
        kid: keyId(key).toString('hex'),
        x: rawPublicKey(key).toString('base64url'),
      })),
    };
  }
}
