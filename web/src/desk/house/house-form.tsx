import { useState } from 'react';
import { isProblem, type Schemas } from '../../api.js';
import { LinkFields } from '../../house/house-links.js';
import { HousePreview } from '../../house/house-preview.js';
import { LegalFields, VatFields } from '../../house/house-texts.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { Form } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useWork } from '../../ui/use-work.js';
import { AccentField } from './house-accent.js';
import { LogoField } from './house-logo.js';

export type Settings = Schemas['OrganisationHouseSettings'];
export type Whole = Schemas['WholeOrganisationHouse'];

/** Requests that change a house; each names the version that was read, and answers with the house as it is then. */
export interface Changes {
  put(settings: Settings, version: number): Promise<Whole>;
  putLogo(data: string, version: number): Promise<Whole>;
  removeLogo(version: number): Promise<Whole>;
}

/**
 * Name, look and legal texts.
 *
 * @param below house that stands where an organisation has nothing of its own; undefined: it is that of the installation
 * @param keep takes what a change has made of it
 */
export function HouseForm({
  house,
  below,
  changes,
  saved: said,
  keep: take,
  readAgain,
}: {
  house: Whole;
  below?: Schemas['House'];
  changes: Changes;
  saved: string;
  keep: (changed: Whole) => void;
  readAgain: () => unknown;
}) {
  const { t } = useTranslation();
  const { logo, version: newest, ...saved } = house;
  const [settings, setSettings] = useState<Settings>(saved);
  // Settings that are read anew meanwhile must not make these the newest ones.
  const [version, setVersion] = useState(newest);
  const say = useToast();
  const { busy, error, run } = useWork();
  const faults = faultsOf(error);
  const change = (changed: Partial<Settings>) => setSettings((before) => ({ ...before, ...changed }));
  const keep = (changed: Whole) => {
    take(changed);
    setVersion(changed.version);
    say(said);
  };
  return (
    <div className="house-form">
      <Form
        submit={() => run(async () => keep(await changes.put(settings, version)))}
        className="stack loose"
      >
        <Field
          label={t(below ? 'house.ownName' : 'house.name')}
          hint={below && t('house.fromHouse', { name: below.name })}
          fault={faults.name}
          value={settings.name ?? ''}
          maxLength={80}
          required={!below}
          onChange={({ target }) => change({ name: target.value || null })}
        />
        <AccentField accent={settings.accent} choose={(accent) => change({ accent })} />
        <LogoField
          logo={logo}
          busy={busy}
          set={(data) => run(async () => keep(await changes.putLogo(data, version)))}
          remove={() => run(async () => keep(await changes.removeLogo(version)))}
        />
        <LinkFields
          links={settings.links}
          hint={below && t('house.linksFromHouse')}
          faults={faults}
          change={(links) => change({ links })}
        />
        <VatFields vat={settings.vat} faults={faults} change={(vat) => change({ vat })} />
        <LegalFields
          texts={settings}
          hint={below && t('house.textFromHouse')}
          below={below?.pages}
          faults={faults}
          change={change}
        />
        <Fault error={error} />
        <div className="row">
          <Button look="main" type="submit" busy={busy}>
            {t('app.save')}
          </Button>
          {isProblem(error, 'version_mismatch') && <Button onClick={readAgain}>{t('desk.readAgain')}</Button>}
        </div>
      </Form>
      <HousePreview settings={settings} logo={logo} below={below} />
    </div>
  );
}
