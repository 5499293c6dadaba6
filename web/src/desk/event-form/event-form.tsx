import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { useSession } from '../../session.js';
import { Button } from '../../ui/button.js';
import { textOf } from '../../ui/form.js';
import { keepDraft, keptDraft } from './draft.js';
import type { Values } from './event-values.js';
import { FaultSummary } from './fault-summary.js';
import { type Faults, faultsIn, serverFaults } from './field-checks.js';
import { PartNav } from './part-nav.js';
import { FORM_PARTS, type FormPart, PART_NAMES } from './parts.js';
import { PicturePart, type PictureWork } from './picture-part.js';
import { RefundFields } from './refund-fields.js';
import { SalePart } from './sale-part.js';
import { WhatPart } from './what-part.js';
import { WhenPart } from './when-part.js';

/** Name, value and fault of a field. */
type FieldOf = (name: string) => {
  name: string;
  defaultValue: string | undefined;
  fault: string | undefined;
};

export interface PartProps {
  field: FieldOf;
  /** After publishing some things cannot change. */
  locked?: boolean;
}

interface Props {
  /** Saved values, or those that a new event begins with. */
  values: Values;
  /** Under which changes are kept that are not saved. */
  draftKey: string;
  /** In which the times of `values` are; undefined: that of the venue that is chosen. */
  zone?: string;
  locked?: boolean;
  busy: boolean;
  error: unknown;
  picture: PictureWork;
  /** @returns whether it is saved */
  submit: (values: Values, zone: string) => Promise<boolean>;
  children?: ReactNode;
}

const CHOSEN = new Set(['venueId', 'planId']);

/** All that there is to say about an event but its prices, in parts, with one way to save all of it. */
export function EventForm({
  values,
  draftKey,
  zone,
  locked = false,
  busy,
  error,
  picture,
  submit,
  children,
}: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const key = `${user?.id}.${draftKey}`;
  const form = useRef<HTMLFormElement>(null);
  // Another number makes the fields anew.
  const [round, setRound] = useState(0);
  const [{ draft, restored }, setDraft] = useState(() => {
    const found = keptDraft(key);
    return { draft: found ?? {}, restored: found !== undefined };
  });
  const [first, setFirst] = useState<Values>({ ...values, ...draft });
  const [currency, setCurrency] = useState(first.currency ?? 'EUR');
  const [place, setPlace] = useState<{ venueId: string; zone: string | undefined }>();
  const [own, setOwn] = useState<Faults>({});
  const [dismissed, setDismissed] = useState<unknown>();
  const refusal = error === dismissed ? undefined : error;
  const [tries, setTries] = useState(0);
  const dirty = Object.keys(draft).length > 0;
  // An event keeps the zone in which its times are, until another venue is chosen.
  const shown = zone && (!place || place.venueId === values.venueId) ? zone : place?.zone;
  const isNew = values.startsAt === undefined;
  const faults = Object.keys(own).length > 0 ? own : serverFaults(refusal);

  const setZone = useCallback(
    (venueId: string, venueZone: string | undefined) => setPlace({ venueId, zone: venueZone }),
    [],
  );
  const read = (): Values => {
    const data = new FormData(form.current!);
    const sent = [...data.keys()]
      .map((name) => [name, textOf(data, name)] as const)
      // Before venue and plan can be chosen they are what they were.
      .filter(([name, value]) => value !== '' || !CHOSEN.has(name));
    // Locked fields are not in the form's data.
    return { ...values, refundFees: '', ...(isNew && { sandbox: '' }), ...Object.fromEntries(sent) };
  };
  const note = () => {
    const changed = Object.entries(read()).filter(([name, value]) => value !== (values[name] ?? ''));
    const kept = Object.fromEntries(changed);
    keepDraft(key, kept);
    setDraft({ draft: kept, restored: false });
  };
  const discard = () => {
    keepDraft(key, {});
    setDraft({ draft: {}, restored: false });
    setFirst(values);
    setCurrency(values.currency ?? 'EUR');
    setOwn({});
    setDismissed(error);
    setRound(round + 1);
  };
  const send = async () => {
    const found = faultsIn(form.current!, t);
    setOwn(found);
    setTries(tries + 1);
    if (Object.keys(found).length > 0) return;
    if (await submit(read(), shown ?? 'UTC')) keepDraft(key, {});
    else setTries(tries + 2);
  };
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [dirty]);

  const field: FieldOf = (name) => ({ name, defaultValue: first[name], fault: faults[name] });
  const parts = { field, locked };
  return (
    <div className="event-form">
      <PartNav faulty={faultyParts(form.current, faults)} />
      <form
        ref={form}
        noValidate
        className="stack loose"
        onInput={note}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <FaultSummary form={form} faults={faults} error={refusal} tries={tries} />
        {restored && (
          <p className="notice" role="status">
            {t('desk.restored')}
          </p>
        )}
        <div className="stack loose" key={round}>
          <WhatPart {...parts} isNew={isNew} />
          <WhenPart {...parts} zone={shown} setZone={setZone} isNew={isNew} />
          <SalePart {...parts} currency={currency} setCurrency={setCurrency} />
          <RefundFields {...parts} currency={currency} />
          <PicturePart {...parts} picture={picture} />
        </div>
        <div className="save-bar">
          <span className="small" role="status">
            {dirty && t('desk.unsaved')}
          </span>
          <div className="row">
            {children}
            {dirty && (
              <Button look="quiet" disabled={busy} onClick={discard}>
                {t('desk.discard')}
              </Button>
            )}
            <Button look="main" type="submit" busy={busy}>
              {t('app.save')}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}

function faultyParts(form: HTMLFormElement | null, faults: Faults): ReadonlySet<FormPart> {
  const holds = (part: FormPart) =>
    Object.keys(faults).some((name) => form?.querySelector(`#${FORM_PARTS[part]} [name="${name}"]`));
  return new Set(PART_NAMES.filter(holds));
}
