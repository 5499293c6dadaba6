import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { choose, organisationsQuery, startAnew } from '../acting.js';

/** Founds one more organisation, for which the desk acts from then on. */
export function NewOrganisationPage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const queries = useQueryClient();
  const say = useToast();
  const { busy, error, run } = useWork();
  useTitle(t('members.found'));
  const found = (data: FormData) =>
    run(async () => {
      const name = textOf(data, 'name');
      const { id } = await ok(api.POST('/api/v1/organisations', { body: { name } }));
      await queries.invalidateQueries({ queryKey: organisationsQuery.queryKey });
      choose(id);
      await go('/desk/organisation');
      void startAnew();
      say(t('members.founded', { organisation: name }));
    });
  return (
    <div className="page stack far">
      <div className="stack tight">
        <h1>{t('members.found')}</h1>
        <p className="soft">{t('members.foundText')}</p>
      </div>
      <Form submit={found} className="stack narrow">
        <Field
          label={t('members.name')}
          hint={t('members.nameHint')}
          fault={faultsOf(error).name}
          name="name"
          maxLength={200}
          required
        />
        <Fault error={error} />
        <div>
          <Button look="main" type="submit" busy={busy}>
            {t('members.foundIt')}
          </Button>
        </div>
      </Form>
    </div>
  );
}
