import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import type { Schemas } from '../../api.js';
import { number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { keep, kept } from '../../storage.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { useEvent } from '../events/event-frame.js';
import { admit, attendanceQuery, MAIN_GATE, scanOf, undo, type Verdict } from './check-in.js';
import { Scanner } from './scanner.js';
import { useGateName, VerdictCard } from './verdict-card.js';

/** Entrance of this device, kept for each event. */
const keyOf = (id: string) => `evently.gate.${id}`;

/** The entrance: codes from the camera or by hand, and a large answer. */
export function CheckInPage() {
  const { t } = useTranslation();
  const { id } = useEvent();
  const forget = useForget();
  const { busy, run } = useWork();
  const { data: attendance } = useQuery(attendanceQuery(id));
  const gateName = useGateName();
  const input = useRef<HTMLInputElement>(null);
  const gates = useId();
  const [gate, setGate] = useState(kept(keyOf(id)) ?? '');
  const [verdict, setVerdict] = useState<Verdict>();
  const [typed, setTyped] = useState('');
  const enter = (text: string) =>
    run(async () => {
      const entrance = gate.trim();
      const main = entrance === '' || entrance === t('gate.main');
      setVerdict(await admit(id, scanOf(text, main ? MAIN_GATE : entrance)));
      forget('attendance');
    });
  const takeBack = (scanned: Extract<Verdict, { kind: 'admitted' }>) =>
    run(async () => {
      setVerdict(await undo(id, scanned.scan));
      forget('attendance');
    });
  return (
    <div className="gate stack">
      <Attendance of={attendance} />
      <VerdictCard verdict={verdict} busy={busy} takeBack={takeBack} />
      <Scanner found={(text) => !busy && void enter(text)} />
      <Form
        className="row end"
        submit={async (data) => {
          await enter(textOf(data, 'code'));
          setTyped('');
          input.current?.focus();
        }}
      >
        <div className="grow">
          <Field
            ref={input}
            label={t('gate.code')}
            name="code"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            required
          />
        </div>
        <Button look="main" type="submit" busy={busy}>
          {t('gate.check')}
        </Button>
      </Form>
      <Field
        label={t('gate.name')}
        hint={t('gate.nameHint')}
        placeholder={t('gate.main')}
        list={gates}
        value={gate}
        maxLength={60}
        onChange={({ target }) => {
          setGate(target.value);
          keep(keyOf(id), target.value || undefined);
        }}
      />
      <datalist id={gates}>
        {attendance?.gates.map((known) => (
          <option key={known.gate} value={gateName(known.gate)} />
        ))}
      </datalist>
    </div>
  );
}

function Attendance({ of }: { of: Schemas['Attendance'] | undefined }) {
  const { t } = useTranslation();
  const gateName = useGateName();
  const { checkedIn = 0, expected = 0, gates = [] } = of ?? {};
  return (
    <section className="stack tight" aria-label={t('gate.attendance')}>
      <p className="row spread numbers">
        <strong>{t('gate.inside', { inside: number(checkedIn), expected: number(expected) })}</strong>
        <span className="small soft">
          {gates.map(({ gate, checkedIn: count }) => `${gateName(gate)}: ${number(count)}`).join(' · ')}
        </span>
      </p>
      <progress value={checkedIn} max={Math.max(1, expected)} aria-label={t('gate.attendance')} />
    </section>
  );
}
