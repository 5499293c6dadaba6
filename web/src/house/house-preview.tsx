import type { CSSProperties } from 'react';
import { accentColors, isReadable } from '../../../src/house/accent.rules.js';
import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { BrandIcon } from '../ui/icons.js';
import { inLanguage, LEGAL_PAGES } from './house.js';

const MODES = ['light', 'dark'] as const;

/** Head, buttons and foot as the settings would make them, light and dark. */
export function HousePreview({
  settings,
  logo: own,
  below,
}: {
  settings: Schemas['OrganisationHouseSettings'];
  logo: string | null;
  /** House whose name and look stand where there is nothing else. */
  below: Schemas['House'] | undefined;
}) {
  const { t, language } = useTranslation();
  const name = settings.name ?? below?.name ?? '';
  const accent = settings.accent ?? below?.accent ?? null;
  const links = settings.links.length > 0 ? settings.links : (below?.links ?? []);
  const vat = inLanguage(settings.vat, language) ?? (below && inLanguage(below.vat, language));
  // It goes with the name: that of the house does not stand beside another name.
  const logo = own ?? (settings.name === null && below ? below.logo : null);
  const foot = [
    ...links.map(({ label }) => label[language]),
    ...LEGAL_PAGES.filter(
      (page) => inLanguage(settings[page], language) !== null || below?.pages.includes(page),
    ).map((page) => t(`app.legal.${page}`)),
  ];
  return (
    <section className="stack house-preview" aria-labelledby="preview">
      <h2 id="preview">{t('house.preview')}</h2>
      {MODES.map((mode) => (
        <figure key={mode} className="stack" data-theme={mode} style={stylesOf(accent, mode)}>
          <figcaption className="small soft">{t(`house.${mode}`)}</figcaption>
          <div className="brand">
            {logo ? <img src={logo} alt="" /> : <BrandIcon />}
            <span>{name}</span>
          </div>
          <div className="row wrap">
            <span className="button main">{t('house.button')}</span>
            <span className="house-link">{t('house.link')}</span>
          </div>
          <div className="small soft">{[name, vat, ...foot].filter(Boolean).join(' · ')}</div>
        </figure>
      ))}
    </section>
  );
}

/** The design's own colours while there is no other, or none that can be read. */
function stylesOf(accent: string | null, mode: (typeof MODES)[number]): CSSProperties {
  if (accent === null || !isReadable(accent)) return {};
  const colors = Object.entries(accentColors(accent)[mode]);
  return Object.fromEntries(colors.map(([name, value]) => [`--${name}`, value]));
}
