import type { Schemas } from '../../api.js';
import { number, percent } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { TableScroll } from '../../ui/table-scroll.js';

/** Utilization of each section and area. */
export function Sections({ sales: { sections } }: { sales: Schemas['EventSales'] }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-labelledby="sections">
      <div className="stack tight">
        <h2 id="sections">{t('sales.sections')}</h2>
        <p className="small soft">{t('sales.means.utilization')}</p>
      </div>
      <TableScroll label={`${t('sales.sections')}: ${t('sales.asTable')}`}>
        <table className="table numbers">
          <thead>
            <tr>
              <th scope="col">{t('sales.section')}</th>
              <th scope="col">{t('sales.sold')}</th>
              <th scope="col">{t('sales.blocked')}</th>
              <th scope="col">{t('sales.utilization')}</th>
            </tr>
          </thead>
          <tbody>
            {sections.map(({ kind, name, valid, sellable, blocked, utilization }) => (
              <tr key={`${kind} ${name}`}>
                <th scope="row">{name}</th>
                <td>
                  {number(valid)} / {number(sellable)}
                </td>
                <td>{number(blocked)}</td>
                <td>
                  <progress value={valid} max={Math.max(1, sellable)} aria-label={name} />{' '}
                  {utilization === null ? '–' : percent(utilization)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
