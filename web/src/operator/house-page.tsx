import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, isProblem, ok, type Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { faultsOf } from '../ui/errors.js';
import { Field } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { Fault, Load, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useWork } from '../ui/use-work.js';
import { AccentField } from './house-accent.js';
import { LinkFields } from './house-links.js';
import { LogoField } from './house-logo.js';
import { HousePreview } from './house-preview.js';
import { LegalFields, VatFields } from './house-texts.js';
import { OperatorPage } from './page.js';
import { houseQuery } from './queries.js';

type Settings = Schemas['HouseSettings'];

/** Name, look and duties of the house. */
export function HousePage() {
  const { t } = useTranslation();
  const house = useQuery(houseQuery);
  const [reads, setReads] = useState(0);
  return (
    <OperatorPage title={t('operator.pages.house')} text={t('operator.house.text')}>
      <Load of={house} waiting={<Skeleton height="30rem" />}>
        {(found) => (
          <HouseForm
            key={reads}
            house={found}
            readAgain={async () => {
              await house.refetch();
              setReads(reads + 1);
            }}
          />
        )}
      </Load>
    </OperatorPage>
  );
}

function HouseForm({ house, readAgain }: { house: Schemas['WholeHouse']; readAgain: () => unknown }) {
  const { t } = useTranslation();
  const { logo, version: newest, ...saved } = house;
  const [settings, setSettings] = useState<Settings>(saved);
  // Settings that are read anew meanwhile must not make these the newest ones.
  const [version, setVersion] = useState(newest);
  const queries = useQueryClient();
  const say = useToast();
  const { busy, error, run } = useWork();
  const faults = faultsOf(error);
  const change = (changes: Partial<Settings>) => setSettings((before) => ({ ...before, ...changes }));
  const keep = (changed: Schemas['WholeHouse']) => {
    queries.setQueryData(houseQuery.queryKey, changed);
    setVersion(changed.version);
    say(t('operator.house.saved'));
  };
  const params = { header: { 'If-Match': `"v${version}"` } };
  const save = () =>
    run(async () => keep(await ok(api.PUT('/api/v1/admin/house', { params, body: settings }))));
  return (
    <div className="house-form">
      <Form submit={save} className="stack loose">
        <Field
          label={t('operator.house.name')}
          fault={faults.name}
          value={settings.name}
          maxLength={80}
          required
          onChange={({ target }) => change({ name: target.value })}
        />
        <AccentField accent={settings.accent} choose={(accent) => change({ accent })} />
        <LogoField
          logo={logo}
          busy={busy}
          set={(data) =>
            run(async () => keep(await ok(api.PUT('/api/v1/admin/house/logo', { params, body: { data } }))))
          }
          remove={() => run(async () => keep(await ok(api.DELETE('/api/v1/admin/house/logo', { params }))))}
        />
        <LinkFields links={settings.links} faults={faults} change={(links) => change({ links })} />
        <VatFields vat={settings.vat} faults={faults} change={(vat) => change({ vat })} />
        <LegalFields texts={settings} faults={faults} change={change} />
        <Fault error={error} />
        <div className="row">
          <Button look="main" type="submit" busy={busy}>
            {t('app.save')}
          </Button>
          {isProblem(error, 'version_mismatch') && <Button onClick={readAgain}>{t('desk.readAgain')}</Button>}
        </div>
      </Form>
      <HousePreview settings={settings} logo={logo} />
    </div>
  );
}
