import type { Schemas } from '../api.js';
import { LANGUAGES, type Language, useTranslation } from '../i18n/index.js';
import { Field, TextArea } from '../ui/field.js';
import { LEGAL_PAGES } from './house.js';

type Settings = Schemas['HouseSettings'];

const CODES = Object.keys(LANGUAGES) as Language[];
/** An empty field is no text. */
const orNone = (value: string): string | null => (value.trim() === '' ? null : value);

export function VatFields({
  vat,
  faults,
  change,
}: {
  vat: Settings['vat'];
  faults: Record<string, string>;
  change: (vat: Settings['vat']) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="stack">
      <legend>{t('house.vat')}</legend>
      <p className="soft">{t('house.vatHint')}</p>
      <div className="columns">
        {CODES.map((code) => (
          <Field
            key={code}
            label={`${t('house.vat')}, ${LANGUAGES[code]}`}
            fault={faults[`vat.${code}`]}
            value={vat[code] ?? ''}
            maxLength={200}
            onChange={({ target }) => change({ ...vat, [code]: orNone(target.value) })}
          />
        ))}
      </div>
    </fieldset>
  );
}

export function LegalFields({
  texts,
  hint,
  below = [],
  faults,
  change,
}: {
  texts: Pick<Settings, (typeof LEGAL_PAGES)[number]>;
  hint: string | undefined;
  /** Pages that are there all the same. */
  below: readonly (typeof LEGAL_PAGES)[number][] | undefined;
  faults: Record<string, string>;
  change: (changes: Partial<Settings>) => void;
}) {
  const { t } = useTranslation();
  const { imprint } = texts;
  return (
    <fieldset className="stack">
      <legend>{t('house.legal')}</legend>
      <p className="soft">{[t('house.legalHint'), hint].filter(Boolean).join(' ')}</p>
      {imprint.de === null && imprint.en === null && !below.includes('imprint') && (
        <p className="notice">{t('house.imprintNeeded')}</p>
      )}
      {LEGAL_PAGES.map((page) => (
        <div key={page} className="columns">
          {CODES.map((code) => (
            <TextArea
              key={code}
              label={`${t(`app.legal.${page}`)}, ${LANGUAGES[code]}`}
              fault={faults[`${page}.${code}`]}
              rows={6}
              maxLength={50_000}
              value={texts[page][code] ?? ''}
              onChange={({ target }) => change({ [page]: { ...texts[page], [code]: orNone(target.value) } })}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}
