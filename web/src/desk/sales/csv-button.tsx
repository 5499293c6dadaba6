import { saveFile } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { useErrorText } from '../../ui/errors.js';
import { useToast } from '../../ui/toasts.js';
import { useWork } from '../../ui/use-work.js';
import { actingHeaders } from '../acting.js';

/** Saves a report. `path` as `csvPath` makes it. */
export function CsvButton({ label, path, name }: { label: string; path: string; name: string }) {
  const { t } = useTranslation();
  const say = useToast();
  const text = useErrorText();
  const { busy, run } = useWork();
  const save = () =>
    run(() => saveFile(path, `${name}.csv`, actingHeaders()).catch((error) => say(text(error))));
  return (
    <Button busy={busy} onClick={save}>
      {t('sales.csv', { report: label })}
    </Button>
  );
}
