import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { keep, kept } from '../../storage.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { useEvent } from '../events/event-frame.js';
import { admit, attendanceQuery, scanOf, undo, type Verdict } from './check-in.js';
import { Scanner } from './scanner.js';
import { VerdictCard } from './verdict-card.js';

const KEY = 'evently.gate';

/** The entrance: codes from the camera or by hand, and a large answer. */
export function CheckInPage() {
  const { t } = useTranslation();
  const { id } = useEvent();
  const forget = useForget();
  const { busy, run } = useWork();
  const [gate, setGate] = useState(kept(KEY) ?? t('gate.main'));
  const [verdict, setVerdict] = useState<Verdict>();
  const [typed, setTyped] = useState('');
  const enter = (text: string) =>
    run(async () => {
      setVerdict(await admit(id, scanOf(text, gate)));
      forget('attendance');
    });
  const takeBack = (scanned: Extract<Verdict, { kind: 'admitted' }>) =>
    run(async () => {
      setVerdict(await undo(id, scanned.scan));
      forget('attendance');
    });
  return (
    <div className="gate stack">
      <Attendance id={id} />
      <VerdictCard verdict={verdict} busy={busy} takeBack={takeBack} />
      <Scanner found={(text) => !busy && void enter(text)} />
      <Form
        className="row end"
        submit={async (data) => {
          await enter(textOf(data, 'code'));
          setTyped('');
        }}
      >
        <div className="grow">
          <Field
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
        value={gate}
        maxLength={60}
        onChange={({ target }) => {
          setGate(target.value);
          keep(KEY, target.value || undefined);
        }}
      />
    </div>
  );
}

function Attendance({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(attendanceQuery(id));
  const { checkedIn = 0, expected = 0, gates = [] } = data ?? {};
  return (
    <section className="stack tight" aria-label={t('gate.attendance')}>
      <p className="row spread numbers">
        <strong>{t('gate.inside', { inside: number(checkedIn), expected: number(expected) })}</strong>
        <span className="small soft">
          {gates.map(({ gate, checkedIn: count }) => `${gate}: ${number(count)}`).join(' · ')}
        </span>
      </p>
      <progress value={checkedIn} max={Math.max(1, expected)} aria-label={t('gate.attendance')} />
    </section>
  );
}
