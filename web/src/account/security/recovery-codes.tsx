import { installation } from '../../house/house.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Sheet } from '../../ui/sheet.js';
import { useToast } from '../../ui/toasts.js';

/** Shows new recovery codes this once: to be copied, saved or printed. */
export function RecoveryCodes({ codes, close }: { codes: readonly string[]; close: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const text = `${t('security.codesOf', { house: installation.name })}\n\n${codes.join('\n')}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    say(t('security.codesCopied'));
  };
  return (
    <Sheet title={t('security.codes')} close={close}>
      <p>{t('security.codesText')}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="row">
        <Button onClick={copy}>{t('security.copyCodes')}</Button>
        <a
          className="button"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download={t('security.codesFile')}
        >
          {t('security.saveCodes')}
        </a>
        <Button onClick={() => print()}>{t('security.printCodes')}</Button>
        <Button look="main" onClick={close}>
          {t('security.codesKept')}
        </Button>
      </div>
    </Sheet>
  );
}
