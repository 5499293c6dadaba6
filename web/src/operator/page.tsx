import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/index.js';
import { Load, More, Skeleton } from '../ui/states.js';
import { TableScroll } from '../ui/table-scroll.js';

/** A page with a heading, what narrows its list, and the list. */
export function OperatorPage({
  title,
  text,
  children,
}: {
  title: string;
  text?: string;
  children: ReactNode;
}) {
  return (
    <div className="page stack loose">
      <div className="stack tight">
        <h1>{title}</h1>
        {text && <p className="soft">{text}</p>}
      </div>
      {children}
    </div>
  );
}

/** One of a few, or all. */
export function Choices<T extends string>({
  label,
  of,
  chosen,
  choose,
  name,
}: {
  label: string;
  of: readonly T[];
  chosen: T | undefined;
  choose: (value: T | undefined) => void;
  name: (value: T) => string;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="chips">
      <legend className="spoken">{label}</legend>
      <button
        type="button"
        className="chip"
        aria-pressed={chosen === undefined}
        onClick={() => choose(undefined)}
      >
        {t('browse.all')}
      </button>
      {of.map((value) => (
        <button
          key={value}
          type="button"
          className="chip"
          aria-pressed={chosen === value}
          onClick={() => choose(value)}
        >
          {name(value)}
        </button>
      ))}
    </fieldset>
  );
}

interface Row {
  readonly id: string;
}

/** A table of what comes in pages. */
export function Pages<T extends Row>({
  of,
  head,
  none,
  children,
}: {
  of: UseInfiniteQueryResult<InfiniteData<{ data: T[] }>>;
  head: readonly string[];
  /** Said when there is no row. */
  none?: string;
  children: (row: T) => ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Load of={of} waiting={<Skeleton height="2.75rem" count={8} />}>
      {({ pages }) => {
        const all = pages.flatMap(({ data }) => data);
        if (all.length === 0) return <p className="notice">{none ?? t('operator.nothing')}</p>;
        return (
          <>
            <TableScroll label={t('operator.list')}>
              <table className="table small">
                <thead>
                  <tr>
                    {head.map((name) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {all.map((row) => (
                    <tr key={row.id}>{children(row)}</tr>
                  ))}
                </tbody>
              </table>
            </TableScroll>
            <More of={of} />
          </>
        );
      }}
    </Load>
  );
}
