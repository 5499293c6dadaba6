import type { CSSProperties } from 'react';
import { accentColors, isReadable } from '../../../src/house/accent.rules.js';
import type { Schemas } from '../api.js';
import { inLanguage, LEGAL_PAGES } from '../house/house.js';
import { useTranslation } from '../i18n/index.js';
import { BrandIcon } from '../ui/icons.js';

const MODES = ['light', 'dark'] as const;

/** Head, buttons and foot as the settings would make them, light and dark. */
export function HousePreview({
  settings,
  logo,
}: {
  settings: Schemas['HouseSettings'];
  logo: string | null;
}) {
  const { t, language } = useTranslation();
  const { name, accent, links, vat } = settings;
  const foot = [
    ...links.map(({ label }) => label[language]),
    ...LEGAL_PAGES.filter((page) => inLanguage(settings[page], language) !== null).map((page) =>
      t(`app.legal.${page}`),
    ),
  ];
  return (
    <section className="stack house-preview" aria-labelledby="preview">
      <h2 id="preview">{t('operator.house.preview')}</h2>
      {MODES.map((mode) => (
        <figure key={mode} className="stack" data-theme={mode} style={stylesOf(accent, mode)}>
          <figcaption className="small soft">{t(`operator.house.${mode}`)}</figcaption>
          <div className="brand">
            {logo ? <img src={logo} alt="" /> : <BrandIcon />}
            <span>{name}</span>
          </div>
          <div className="row wrap">
            <span className="button main">{t('operator.house.button')}</span>
            <span className="house-link">{t('operator.house.link')}</span>
          </div>
          <div className="small soft">
            {[name, inLanguage(vat, language), ...foot].filter(Boolean).join(' · ')}
          </div>
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
