import type { Problem } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { told, useErrorText } from '../../ui/errors.js';
import { planProblem } from './plan-problems.js';

/** Every problem that the server lists, as a sentence with its place in the hall and in the file. */
export function Problems({ of, plan }: { of: Problem; plan: unknown }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <div className="notice danger" role="alert">
      <strong>{text(of)}</strong>
      <span>{t('desk.problems', { count: Number(of.body.problems ?? of.errors.length) })}</span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keyboard, too */}
      <ul className="problems" tabIndex={0} aria-label={t('desk.problemList')}>
        {of.errors.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            {planProblem(t, plan, { path, message }, told)} <code className="small soft">{path}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
