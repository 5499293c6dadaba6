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
import type { HouseEntity, OrganisationHouseEntity } from './house.entity.js';
import { HouseRepository, type HouseRow } from './house.repository.js';
import { houseOf, isSaid, letterheadOf, logoPath, NOTHING_OWN, textsOf, type Whose } from './house.rules.js';
import {
  type House,
  type HouseSettings,
  type LegalTexts,
  LOGO_BYTES,
  type OwnSettings,
  type WholeHouse,
  type WholeOwnHouse,
} from './house.schemas.js';
import { logoType } from './logo.rules.js';

/** Id in the facts about the house of the installation. */
const INSTALLATION = '01978a5c-4c1e-7b5a-9d0f-000000000001';

export interface Logo {
  readonly bytes: Buffer;
  readonly type: string;
  /** Whether the caller asked for the picture of now, so that the answer will stay true. */
  readonly lasting: boolean;
}

/**
 * Who sells: name, look, links and legal texts, for the whole installation, and for each organisation what it has of its own.
 * Whether somebody may change it is for the caller to see to.
 */
@Injectable()
export class HouseService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DatabaseService,
    private readonly houses: HouseRepository,
    private readonly facts: FactsService,
    private readonly cache: CacheService,
  ) {}

  /** A house as pages, mails and tickets show it, from memory; a change is known as soon as that of any cached answer. */
  async current(whose: Whose = null): Promise<House> {
    const tags = ['house'];
    const route = { name: 'HouseService.current', options: { ttl: 60, tags } };
    const read = async () => houseOf(...(await this.rows(whose)));
    const { body } = await this.cache.get({ route, key: `house:${whose}`, tags, read });
    return JSON.parse(body.toString());
  }

  /** Name, logo, colour and foot of a mail. */
  async letterhead(locale: Locale, whose: Whose = null): Promise<Letterhead> {
    return letterheadOf(await this.current(whose), locale, this.config.http.publicUrl, whose);
  }

  /** All settings of the installation. */
  async whole(): Promise<WholeHouse> {
    const row = await this.houses.installation();
    return { ...toWhole(null, row), name: row.name };
  }

  /** All settings that an organisation has of its own; version 0: none yet. */
  async own(organisationId: string): Promise<WholeOwnHouse> {
    return toWhole(organisationId, (await this.houses.ofOrganisation(organisationId)) ?? NOTHING_OWN);
  }

  async texts(whose: Whose = null): Promise<LegalTexts> {
    return textsOf(...(await this.rows(whose)));
  }

  /** @param hash of the picture that is wanted. Errors: `not_found`. */
  async logo(hash: string | undefined, whose: Whose = null): Promise<Logo> {
    const found = await this.houses.logo(whose);
    if (!found?.logo) throw new DomainError('not_found', { detail: 'There is no logo.' });
    return { bytes: found.logo, type: found.logoType!, lasting: hash === found.logoHash };
  }

  /** The logo that a house shows: its own, else that of the installation. */
  async shownLogo(whose: Whose): Promise<Buffer | null> {
    const own = whose === null ? null : await this.houses.logo(whose);
    return (own?.logo ? own : await this.houses.logo(null))?.logo ?? null;
  }

  /** Errors: `version_mismatch`, `accent_too_pale`. */
  async replace(
    user: Principal,
    version: number,
    settings: HouseSettings | OwnSettings,
    whose: Whose = null,
  ): Promise<void> {
    requireReadable(settings.accent);
    await this.change(version, user, whose, (before) => changed(before, settings));
  }

  /** Errors: `version_mismatch`, `logo_unsupported`. */
  async setLogo(user: Principal, version: number, data: string, whose: Whose = null): Promise<void> {
    const logo = Buffer.from(data, 'base64');
    const type = logoType(logo);
    if (!type || logo.length > LOGO_BYTES)
      throw new DomainError('logo_unsupported', {
        detail: `Send a PNG, JPEG or WebP picture of at most ${LOGO_BYTES / 1024} KiB. SVG is not taken.`,
        errors: [{ path: 'data', message: 'must be a PNG, JPEG or WebP picture' }],
      });
    const logoHash = createHash('sha256').update(logo).digest('hex').slice(0, 16);
    await this.change(version, user, whose, () => ({ logo, logoType: type, logoHash }));
  }

  /** Errors: `version_mismatch`. */
  async removeLogo(user: Principal, version: number, whose: Whose = null): Promise<void> {
    await this.change(version, user, whose, () => ({ logo: null, logoType: null, logoHash: null }));
  }

  /** Where real tickets are sold the seller must have an imprint, its own or the house's. Errors: `imprint_missing`. */
  async requireImprint(organisationId: string): Promise<void> {
    if (this.config.env !== 'production') return;
    if (isSaid((await this.texts(organisationId)).imprint)) return;
    throw new DomainError('imprint_missing', {
      detail:
        'A member with the permission "settings" sets that of the organisation with PUT /api/v1/organisations/{id}/house/settings, or at "House" in the desk; an administrator sets that of all with PUT /api/v1/admin/house.',
    });
  }

  private async rows(
    whose: Whose,
  ): Promise<[installation: HouseEntity, own: OrganisationHouseEntity | undefined]> {
    const [installation, own] = await Promise.all([
      this.houses.installation(),
      whose === null ? null : this.houses.ofOrganisation(whose),
    ]);
    return [installation, own ?? undefined];
  }

  private async change(
    version: number,
    user: Principal,
    whose: Whose,
    changesOf: (before: HouseRow) => Parameters<HouseRepository['update']>[3],
  ): Promise<void> {
    await this.database.transaction(async (tx: Tx) => {
      const before = await this.houses.lock(tx, whose);
      if (before.version !== version) throw new DomainError('version_mismatch');
      const changes = changesOf(before);
      await this.houses.update(tx, whose, version, changes);
      const stream = { stream: 'house', streamId: whose ?? INSTALLATION, actor: user.id };
      const data = { fields: Object.keys(changes).filter((field) => !/^logo./.test(field)) };
      await this.facts.append(tx, { ...stream, type: 'house.changed', data });
    });
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

const changed = (before: HouseRow, settings: HouseSettings | OwnSettings): Partial<OwnSettings> =>
  Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !isDeepStrictEqual(value, before[name as keyof HouseSettings]),
    ),
  );

function toWhole(
  whose: Whose,
  row: OwnSettings & { logoHash: string | null; version: number },
): WholeOwnHouse {
  const { name, accent, links, imprint, privacy, terms, vat, version } = row;
  return { name, accent, links, imprint, privacy, terms, vat, logo: logoPath(whose, row), version };
}
