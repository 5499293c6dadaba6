import { type ReactNode, useState } from 'react';
import { PERMISSION_TEMPLATES, PERMISSIONS } from '../../../../src/platform/access/permissions.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Check } from '../../ui/field.js';
import { Form } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { type Permission, useRights } from '../rights.js';
import { EventChoice } from './event-choice.js';
import type { RightsInput } from './queries.js';

type Template = keyof typeof PERMISSION_TEMPLATES;
const TEMPLATES = Object.entries(PERMISSION_TEMPLATES) as [Template, readonly Permission[]][];

/** Members are the business of people, and a test key opens nothing of the organisation as a whole. */
const isForPeople = (one: Permission, { test }: { test: boolean }) =>
  one === 'members' || (test && one === 'settings');

/** Permissions of a member, to be chosen among those of the one who chooses. */
export function RightsForm({
  before,
  action,
  busy,
  error,
  machine,
  submit,
  children,
}: {
  before: RightsInput;
  action: string;
  busy: boolean;
  error: unknown;
  /** For a key, of this kind: those have no usual roles, and let nobody in. */
  machine?: { readonly test: boolean };
  submit: (rights: RightsInput, data: FormData) => unknown;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { may } = useRights();
  const givable = PERMISSIONS.filter((one) => may(one) && !(machine && isForPeople(one, machine)));
  const [permissions, setPermissions] = useState<readonly Permission[]>(before.permissions);
  const [events, setEvents] = useState(before.events ?? null);
  const [all, setAll] = useState(events === null);
  const given = givable.filter((one) => permissions.includes(one));
  const lost = before.permissions.filter((one) => !may(one));
  const fits = (template: readonly Permission[]) =>
    String([...template].sort()) === String([...given].sort());
  const send = (data: FormData) => submit({ permissions: given, events: all ? null : (events ?? []) }, data);
  return (
    <Form submit={send} className="stack">
      {children}
      {!machine && (
        <fieldset className="chips">
          <legend className="label">{t('members.templates')}</legend>
          {TEMPLATES.filter(([, template]) => template.every((one) => may(one))).map(([name, template]) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={fits(template)}
              onClick={() => setPermissions(template)}
            >
              {t(`members.template.${name}`)}
            </button>
          ))}
        </fieldset>
      )}
      <fieldset className="stack tight">
        <legend className="label">{t('members.rights')}</legend>
        {givable.map((one) => (
          <Check
            key={one}
            label={
              <span className="stack tight">
                <span>{t(`members.permissions.${one}`)}</span>
                <span className="small soft">{t(`members.means.${one}`)}</span>
              </span>
            }
            checked={given.includes(one)}
            onChange={({ target }) =>
              setPermissions(target.checked ? [...given, one] : given.filter((other) => other !== one))
            }
          />
        ))}
      </fieldset>
      {lost.length > 0 && (
        <p className="notice warm">
          {t('members.lost', { names: lost.map((one) => t(`members.permissions.${one}`)).join(', ') })}
        </p>
      )}
      <fieldset className="stack tight">
        <legend className="label">{t('members.where')}</legend>
        {[true, false].map((value) => (
          <label key={String(value)} className="check">
            <input type="radio" name="all" checked={all === value} onChange={() => setAll(value)} />
            <span>{t(value ? 'members.allEvents' : 'members.chosenEvents')}</span>
          </label>
        ))}
      </fieldset>
      {!all && (
        <EventChoice
          sandbox={machine?.test}
          chosen={events ?? []}
          choose={setEvents}
          fault={faultsOf(error).events}
        />
      )}
      <Fault error={error} />
      <div>
        <Button look="main" type="submit" busy={busy}>
          {action}
        </Button>
      </div>
    </Form>
  );
}
