import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { securityQuery } from '../../account/queries.js';
import { api, isProblem, ok, type Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { useSession } from '../../session.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field, TextArea } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { mayFound, type Organisation, organisationsQuery } from '../acting.js';
import { changesOf } from '../changes.js';
import { useRights } from '../rights.js';
import { organisationQuery } from './queries.js';
import { RightsWords } from './rights-words.js';

/** Name and address of the organisation, and one's own membership. */
export function OrganisationPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { organisation } = useRights();
  const own = useQuery(organisationsQuery).data?.data ?? [];
  useTitle(t('members.organisation'), organisation?.name);
  return (
    <div className="page stack far">
      <h1>{t('members.organisation')}</h1>
      {organisation && (
        <>
          <Details id={organisation.id} />
          <Demand id={organisation.id} />
          <Membership organisation={organisation} />
        </>
      )}
      {mayFound(own, user?.role === 'admin') && (
        <section className="stack tight" aria-labelledby="another">
          <h2 id="another">{t('members.another')}</h2>
          <p className="soft">{t('members.anotherText')}</p>
          <div>
            <ButtonLink to="/desk/organisation/new">{t('members.found')}</ButtonLink>
          </div>
        </section>
      )}
    </div>
  );
}

function Details({ id }: { id: string }) {
  const { t } = useTranslation();
  const { may } = useRights();
  const organisation = useQuery(organisationQuery(id));
  return (
    <Load of={organisation} waiting={<Skeleton height="18rem" />}>
      {(found) =>
        may('settings') ? (
          // Changes of somebody else replace what is in the fields.
          <Edit key={found.version} organisation={found} />
        ) : (
          <dl className="pairs">
            <dt>{t('members.name')}</dt>
            <dd>{found.name}</dd>
            <dt>{t('members.address')}</dt>
            <dd className="lines-kept">{found.address || '–'}</dd>
            <dt>{t('members.website')}</dt>
            <dd className="wrap">{found.website ? <a href={found.website}>{found.website}</a> : '–'}</dd>
          </dl>
        )
      }
    </Load>
  );
}

function Edit({ organisation }: { organisation: Schemas['Organisation'] }) {
  const { t } = useTranslation();
  const { id, version, name, address, website } = organisation;
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const faults = faultsOf(error);
  const save = (data: FormData) =>
    run(async () => {
      const sent = {
        name: textOf(data, 'name'),
        address: textOf(data, 'address').replace(/\r/g, ''),
        website: textOf(data, 'website') || null,
      };
      // The name in any case: an edit has to say something.
      const body = { name: sent.name, ...changesOf({ name, address, website }, sent) };
      const params = { path: { id }, header: { 'If-Match': `"v${version}"` } };
      queries.setQueryData(
        organisationQuery(id).queryKey,
        await ok(api.PATCH('/api/v1/organisations/{id}', { params, body })),
      );
      forget('organisations');
      say(t('app.saved'));
    });
  return (
    <Form submit={save} className="stack narrow">
      <Field
        label={t('members.name')}
        hint={t('members.nameHint')}
        fault={faults.name}
        name="name"
        defaultValue={name}
        maxLength={200}
        required
      />
      <TextArea
        label={t('members.address')}
        fault={faults.address}
        name="address"
        defaultValue={address}
        rows={3}
        maxLength={1_000}
      />
      <Field
        label={t('members.website')}
        fault={faults.website}
        name="website"
        type="url"
        defaultValue={website ?? ''}
        placeholder="https://"
        maxLength={500}
      />
      <Fault error={error} />
      <div className="row">
        <Button look="main" type="submit" busy={busy}>
          {t('app.save')}
        </Button>
        {isProblem(error, 'version_mismatch') && (
          <Button onClick={() => forget('organisation')}>{t('desk.readAgain')}</Button>
        )}
      </div>
    </Form>
  );
}

/** Whether members need a second factor; changed by owners who have one. */
function Demand({ id }: { id: string }) {
  const { t } = useTranslation();
  const { owner } = useRights();
  const { data: organisation } = useQuery(organisationQuery(id));
  const { data: security } = useQuery(securityQuery);
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  if (!organisation || !security) return null;
  const { demandsSecondFactor: demands, version } = organisation;
  const change = () =>
    run(async () => {
      const params = { path: { id }, header: { 'If-Match': `"v${version}"` } };
      queries.setQueryData(
        organisationQuery(id).queryKey,
        await ok(
          api.PATCH('/api/v1/organisations/{id}', { params, body: { demandsSecondFactor: !demands } }),
        ),
      );
      forget('organisations');
      say(t('app.saved'));
    });
  return (
    <section className="card stack narrow" aria-labelledby="demand">
      <div className="row spread">
        <h2 id="demand">{t('members.secondFactor')}</h2>
        <span className={demands ? 'badge good' : 'badge'}>
          {t(demands ? 'security.on' : 'security.off')}
        </span>
      </div>
      <p className="soft">{t(demands ? 'members.demandsText' : 'members.demandsNotText')}</p>
      <Fault error={error} />
      {owner &&
        (demands || security.strong ? (
          <div>
            <Button look={demands ? 'danger' : 'plain'} busy={busy} onClick={change}>
              {t(demands ? 'members.demandEnd' : 'members.demand')}
            </Button>
          </div>
        ) : (
          <p>
            {t('members.demandFirst')} <Link to="/account/security">{t('security.title')}</Link>
          </p>
        ))}
    </section>
  );
}

function Membership({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { id, name, owner } = organisation;
  const own = useQuery(organisationsQuery).data?.data ?? [];
  const queries = useQueryClient();
  const go = useNavigate();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const leave = () =>
    run(async () => {
      await ok(api.POST('/api/v1/organisations/{id}/leave', { params: { path: { id } } }));
      // Before the desk is closed to somebody who belongs to none any more.
      await go(user?.role === 'admin' || own.length > 1 ? '/desk' : '/');
      // First, so that what is read then is of another one.
      await queries.invalidateQueries({ queryKey: organisationsQuery.queryKey });
      forget('me', 'events');
      say(t('members.left', { organisation: name }));
    });
  return (
    <section className="card stack narrow" aria-labelledby="membership">
      <h2 id="membership">{t('members.membership')}</h2>
      {owner ? <p>{t('members.ownerText')}</p> : <RightsWords rights={organisation} />}
      <Fault error={error} />
      <div>
        <Button
          look="danger"
          busy={busy}
          onClick={() => confirm(t('members.leaveSure', { organisation: name })) && leave()}
        >
          {t('members.leave')}
        </Button>
      </div>
    </section>
  );
}
