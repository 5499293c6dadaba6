import type { SeatMap } from '@evently/client';
import { type KeyboardEvent, useRef, useState } from 'react';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Field } from '../ui/field.js';
import { useNames } from './names.js';
import type { Plan, Section } from './plan.js';
import { EVERYTHING, SeatFilter, type Wanted } from './seat-filter.js';
import type { Selection } from './selection.js';
import { offerOf } from './tips.js';
import { useChanges } from './use-seat-map.js';

interface Props {
  plan: Plan;
  map: SeatMap;
  selection: Selection;
  currency: string;
  pick: (n: number) => void;
  /** Sections without any of these seats are left out. */
  wanted?: Wanted;
  /** Seats that can be chosen; when absent, those that are free and for sale. */
  can?: (n: number) => boolean;
}

/** From so many sections on one searches rather than looks. */
const MANY = 12;

/** The same seats for keyboard and screen reader: a section, its rows, and every seat a button. */
export function ListView(props: Props) {
  const { t } = useTranslation();
  const { plan, map, wanted = EVERYTHING } = props;
  const [open, setOpen] = useState(plan.sections.length === 1 ? 0 : undefined);
  const [sought, setSought] = useState('');
  useChanges(map);
  const words = sought.trim().toLowerCase();
  const filter = new SeatFilter(map, wanted);
  const found = plan.sections.filter(
    ({ name, seats }) => name.toLowerCase().includes(words) && (!filter.isOn || seats.some(filter.offers)),
  );
  return (
    <div className="seat-list">
      <p className="small soft with-keys">{t('map.listHint')}</p>
      {plan.sections.length > MANY && (
        <Field
          label={t('map.findSection')}
          type="search"
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
      )}
      <ul aria-label={t('map.sections')}>
        {found.map((section) => {
          const { free, from } = offerOf(
            filter.isOn ? section.seats.filter(filter.shows) : section.seats,
            map,
          );
          const isOpen = open === section.index;
          return (
            <li key={section.index}>
              <button
                type="button"
                className="section-head"
                aria-expanded={isOpen}
                onClick={() => setOpen(isOpen ? undefined : section.index)}
              >
                <strong>{section.name}</strong>
                <span className="numbers">
                  {free > 0 ? t('map.sectionFree', { count: free }) : t('map.sectionFull')}
                  {from !== undefined && ` · ${t('map.from', { price: money(from, props.currency) })}`}
                </span>
              </button>
              {isOpen && <Rows {...props} section={section} filter={filter} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** One stop for the Tab key; arrows go from seat to seat and from row to row. */
function Rows({
  plan,
  map,
  selection,
  currency,
  pick,
  can,
  section,
  filter,
}: Props & { section: Section; filter: SeatFilter }) {
  const { t } = useTranslation();
  const names = useNames(plan, map, selection, currency);
  const root = useRef<HTMLDivElement>(null);
  const { rows } = section;
  const [at, setAt] = useState<readonly [row: number, seat: number]>([0, 0]);

  const go = (event: KeyboardEvent, row: number, seat: number) => {
    const target = targetOf(event.key, rows, row, seat);
    if (!target) return;
    event.preventDefault();
    setAt(target);
    root.current?.querySelector<HTMLElement>(`[data-at="${target.join('-')}"]`)?.focus();
  };
  return (
    <div className="seat-rows" ref={root}>
      {rows.map(({ name, seats }, row) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent together
        <div
          key={name}
          role="group"
          aria-label={name ? t('map.row', { row: name }) : undefined}
          className="seat-row"
        >
          <span aria-hidden="true">{name}</span>
          <div>
            {seats.map((n, seat) => {
              const chosen = selection.seats.has(n);
              const free = map.isFree(n) && map.priceOf(n) !== undefined;
              return (
                <button
                  key={n}
                  type="button"
                  data-at={`${row}-${seat}`}
                  data-state={chosen ? 'chosen' : !free ? 'taken' : filter.shows(n) ? 'free' : 'other'}
                  tabIndex={at[0] === row && at[1] === seat ? 0 : -1}
                  aria-pressed={chosen}
                  aria-disabled={!(can ? can(n) : free) && !chosen}
                  aria-label={names.spoken(n)}
                  onFocus={() => setAt([row, seat])}
                  onKeyDown={(event) => go(event, row, seat)}
                  onClick={() => pick(n)}
                >
                  {plan.geometry.seats.number[n]}
                </button>
              );
            })}
          </div>
        </div>
      ))}
    </div>
  );
}

function targetOf(
  key: string,
  rows: Section['rows'],
  row: number,
  seat: number,
): readonly [number, number] | undefined {
  const last = (of: number) => (rows[of]?.seats.length ?? 1) - 1;
  switch (key) {
    case 'ArrowRight':
      return seat < last(row) ? [row, seat + 1] : undefined;
    case 'ArrowLeft':
      return seat > 0 ? [row, seat - 1] : undefined;
    case 'ArrowDown':
      return row < rows.length - 1 ? [row + 1, Math.min(seat, last(row + 1))] : undefined;
    case 'ArrowUp':
      return row > 0 ? [row - 1, Math.min(seat, last(row - 1))] : undefined;
    case 'Home':
      return [row, 0];
    case 'End':
      return [row, last(row)];
    default:
      return undefined;
  }
}
