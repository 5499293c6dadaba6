import { Emitter } from './emitter.js';
import { Problem } from './problem.js';

export interface Tokens {
  readonly accessToken: string;
  /** Absent: the access token is all there is, and ends. */
  readonly refreshToken?: string;
  /** Expiry of the access token, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Where tokens are kept: memory, `localStorage`, a file. */
export interface TokenStore {
  read(): Tokens | undefined;
  write(tokens: Tokens | undefined): void;
  /** Runs work while no other page or process that shares this store does: a refresh token works once. */
  exclusively?<T>(work: () => Promise<T>): Promise<T>;
}

/** The answer of login, registration and refresh, as far as it matters here. */
export interface Grant {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** As a shop's server gets it. */
export interface BuyerToken {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Renewed so long before its end that no request carries a token that ends on its way. */
const EARLY = 20_000;

export function memoryStore(tokens?: Tokens): TokenStore {
  let kept = tokens;
  return {
    read: () => kept,
    write: (next) => {
      kept = next;
    },
  };
}

/** Where the mark of a device is kept, which a login brings and the next one sends. */
export interface DeviceStore {
  read(): string | undefined;
  write(device: string): void;
}

export function memoryDevice(): DeviceStore {
  let kept: string | undefined;
  return {
    read: () => kept,
    write: (device) => {
      kept = device;
    },
  };
}

/** Who the client is: keeps the tokens and renews them, once for all requests that wait for it. */
export class Session extends Emitter<{ changed: Tokens | undefined }> {
  private renewing: Promise<string | undefined> | undefined;

  constructor(
    private readonly store: TokenStore,
    private readonly refresh: (refreshToken: string) => Promise<Grant>,
    private readonly obtain?: () => Promise<BuyerToken>,
  ) {
    super();
  }

  get signedIn(): boolean {
    return this.store.read() !== undefined;
  }

  begin({ accessToken, refreshToken, expiresIn }: Grant): void {
    this.keep({ accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000 });
  }

  /** Another access token of this session, which says that its person proved again who they are. */
  prove({ accessToken, expiresIn }: Omit<Grant, 'refreshToken'>): void {
    this.keep({ ...this.store.read(), accessToken, expiresAt: Date.now() + expiresIn * 1000 });
  }

  end(): void {
    this.keep(undefined);
  }

  /** A good access token, or undefined for nobody. Errors: those of the network. */
  async token(): Promise<string | undefined> {
    const tokens = this.store.read();
    if (!tokens) return this.obtain && this.renew(undefined);
    const late = tokens.expiresAt !== undefined && tokens.expiresAt - EARLY < Date.now();
    return late ? this.renew(tokens.accessToken) : tokens.accessToken;
  }

  /** Another token in place of `refused`; undefined when there is none to be had, which ends the session. */
  renew(refused: string | undefined): Promise<string | undefined> {
    const run = this.store.exclusively?.bind(this.store) ?? (<T>(work: () => Promise<T>) => work());
    this.renewing ??= run(() => this.exchange(refused)).finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async exchange(refused: string | undefined): Promise<string | undefined> {
    const kept = this.store.read();
    // Somebody else did meanwhile.
    if (kept?.accessToken !== refused) return kept?.accessToken;
    if (this.obtain) return this.begun(await this.obtain());
    if (kept?.refreshToken === undefined) return undefined;
    try {
      this.begin(await this.refresh(kept.refreshToken));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      this.end();
    }
    return this.store.read()?.accessToken;
  }

  private begun({ token, expiresAt }: BuyerToken): string {
    this.keep({ accessToken: token, expiresAt: Date.parse(expiresAt) });
    return token;
  }

  private keep(tokens: Tokens | undefined): void {
    this.store.write(tokens);
    this.emit('changed', tokens);
  }
}
