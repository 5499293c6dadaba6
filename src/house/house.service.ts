import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { CacheService } from '../platform/cache/cache.service.js';
import { DomainError } from '../platform/common/domain-error.js';
import type { Locale } from '../platform/common/locale.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import { FactsService } from '../platform/facts/facts.service.js';
import type { Letterhead } from '../platform/mail/letter.js';
import { contrast, isReadable, LEAST_CONTRAST } from './accent.rules.js';
import { HouseRepository, type HouseRow } from './house.repository.js';
import { letterheadOf } from './house.rules.js';
import {
  type House,
  type HouseSettings,
  LEGAL_PAGES,
  type LegalTexts,
  LOGO_BYTES,
  type WholeHouse,
} from './house.schemas.js';
import { logoType } from './logo.rules.js';

/** Stream of the facts about the only house. */
const STREAM = { stream: 'house', streamId: '01978a5c-4c1e-7b5a-9d0f-000000000001' };
const TAGS = ['house'];
const ROUTE = { name: 'HouseService.current', options: { ttl: 60, tags: TAGS } };

export interface Logo {
  readonly bytes: Buffer;
  readonly type: string;
  /** Whether the caller asked for the picture of now, so that the answer will stay true. */
  readonly lasting: boolean;
}

/** Who sells: name, look, links and legal texts, in one row for the whole installation. */
@Injectable()
export class HouseService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DatabaseService,
    private readonly houses: HouseRepository,
    private readonly facts: FactsService,
    private readonly cache: CacheService,
  ) {}

  /** The house as pages, mails and tickets show it, from memory; a change is known as soon as that of any cached answer. */
  async current(): Promise<House> {
    const read = async () => toHouse(await this.houses.read());
    const { body } = await this.cache.get({ route: ROUTE, key: 'house', tags: TAGS, read });
    return JSON.parse(body.toString());
  }

  /** Name, logo, colour and foot of a mail. */
  async letterhead(locale: Locale): Promise<Letterhead> {
    return letterheadOf(await this.current(), locale, this.config.http.publicUrl);
  }

  async whole(): Promise<WholeHouse> {
    return toWhole(await this.houses.read());
  }

  async texts(): Promise<LegalTexts> {
    const { imprint, privacy, terms } = await this.houses.read();
    return { imprint, privacy, terms };
  }

  /** @param hash of the picture that is wanted. Errors: `not_found`. */
  async logo(hash: string | undefined): Promise<Logo> {
    const { logo, logoType: type, logoHash } = await this.houses.logo();
    if (!logo) throw new DomainError('not_found', { detail: 'The house has no logo.' });
    return { bytes: logo, type: type!, lasting: hash === logoHash };
  }

  /** Errors: `version_mismatch`, `accent_too_pale`. */
  async replace(user: Principal, version: number, settings: HouseSettings): Promise<WholeHouse> {
    requireReadable(settings.accent);
    return this.change(version, user, (before) => changed(before, settings));
  }

  /** Errors: `version_mismatch`, `logo_unsupported`. */
  async setLogo(user: Principal, version: number, data: string): Promise<WholeHouse> {
    const logo = Buffer.from(data, 'base64');
    const type = logoType(logo);
    if (!type || logo.length > LOGO_BYTES)
      throw new DomainError('logo_unsupported', {
        detail: `Send a PNG, JPEG or WebP picture of at most ${LOGO_BYTES / 1024} KiB. SVG is not taken.`,
        errors: [{ path: 'data', message: 'must be a PNG, JPEG or WebP picture' }],
      });
    const logoHash = createHash('sha256').update(logo).digest('hex').slice(0, 16);
    return this.change(version, user, () => ({ logo, logoType: type, logoHash }));
  }

  /** Errors: `version_mismatch`. */
  async removeLogo(user: Principal, version: number): Promise<WholeHouse> {
    return this.change(version, user, () => ({ logo: null, logoType: null, logoHash: null }));
  }

  /** Where real tickets are sold there must be an imprint. Errors: `imprint_missing`. */
  async requireImprint(): Promise<void> {
    if (this.config.env !== 'production') return;
    const { imprint } = await this.houses.read();
    if (imprint.de !== null || imprint.en !== null) return;
    throw new DomainError('imprint_missing', {
      detail:
        'An administrator sets it with PUT /api/v1/admin/house, or at "House" among the pages of operations.',
    });
  }

  private async change(
    version: number,
    user: Principal,
    changesOf: (before: HouseRow) => Parameters<HouseRepository['update']>[2],
  ): Promise<WholeHouse> {
    await this.database.transaction(async (tx: Tx) => {
      const before = await this.houses.lock(tx);
      if (before.version !== version) throw new DomainError('version_mismatch');
      const changes = changesOf(before);
      await this.houses.update(tx, version, changes);
      const data = { fields: Object.keys(changes).filter((field) => !/^logo./.test(field)) };
      await this.facts.append(tx, { ...STREAM, type: 'house.changed', data, actor: user.id });
    });
    return this.whole();
  }
}

function requireReadable(accent: string | null): void {
  if (accent === null || isReadable(accent)) return;
  const found = Math.floor(contrast(accent, '#ffffff') * 100) / 100;
  throw new DomainError('accent_too_pale', {
    detail: `White text on ${accent} has a contrast of ${found} to 1; it needs ${LEAST_CONTRAST}. Choose a darker colour.`,
    errors: [{ path: 'accent', message: `must be darker: white text on it has a contrast of ${found} to 1` }],
    extra: { contrast: found, needed: LEAST_CONTRAST },
  });
}

const changed = (before: HouseRow, settings: HouseSettings): Partial<HouseSettings> =>
  Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !isDeepStrictEqual(value, before[name as keyof HouseSettings]),
    ),
  );

const logoPath = ({ logoHash }: HouseRow): string | null => logoHash && `/api/v1/house/logo?v=${logoHash}`;

function toHouse(row: HouseRow): House {
  const { name, accent, links, vat, version } = row;
  const pages = LEGAL_PAGES.filter((page) => row[page].de !== null || row[page].en !== null);
  return { name, accent, links, vat, pages, logo: logoPath(row), version };
}

function toWhole(row: HouseRow): WholeHouse {
  const { name, accent, links, imprint, privacy, terms, vat, version } = row;
  return { name, accent, links, imprint, privacy, terms, vat, logo: logoPath(row), version };
}
