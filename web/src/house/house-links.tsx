import type { Schemas } from '../api.js';
import { LANGUAGES, type Language, useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';

type Links = Schemas['HouseSettings']['links'];

const MOST = 8;
const CODES = Object.keys(LANGUAGES) as Language[];

export function LinkFields({
  links,
  hint,
  faults,
  change,
}: {
  links: Links;
  hint: string | undefined;
  faults: Record<string, string>;
  change: (links: Links) => void;
}) {
  const { t, language } = useTranslation();
  const put = (at: number, changes: Partial<Links[number]>) =>
    change(links.map((link, i) => (i === at ? { ...link, ...changes } : link)));
  return (
    <fieldset className="stack">
      <legend>{t('house.links')}</legend>
      {hint && <p className="soft">{hint}</p>}
      {links.map((link, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and their fields hold no state
        <div key={i} className="stack tight">
          <div className="columns">
            {CODES.map((code) => (
              <Field
                key={code}
                label={`${t('house.label')}, ${LANGUAGES[code]}`}
                fault={faults[`links.${i}.label.${code}`]}
                value={link.label[code]}
                maxLength={60}
                required
                onChange={({ target }) => put(i, { label: { ...link.label, [code]: target.value } })}
              />
            ))}
            <Field
              label={t('house.url')}
              fault={faults[`links.${i}.url`]}
              type="url"
              pattern="https://.+"
              value={link.url}
              required
              onChange={({ target }) => put(i, { url: target.value })}
            />
          </div>
          <div>
            <Button look="quiet" onClick={() => change(links.filter((_, other) => other !== i))}>
              {t('house.removeLink', { label: link.label[language] })}
            </Button>
          </div>
        </div>
      ))}
      {links.length < MOST && (
        <div>
          <Button onClick={() => change([...links, { label: { en: '', de: '' }, url: '' }])}>
            {t('house.addLink')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
