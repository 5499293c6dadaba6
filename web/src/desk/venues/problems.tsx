import type { Problem } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { useErrorText } from '../../ui/errors.js';

/** Every problem with the place where it is, as the server lists them. */
export function Problems({ of }: { of: Problem }) {
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
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
