import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../api.js';
import { money, number } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { DEEDS, isDeed, pageOf } from './deeds.js';

type Act = Schemas['Act'];

const ROLES = ['user', 'organizer', 'admin', 'operator'] as const;
const DECISIONS = [
  'role',
  'how',
  'amount',
  'days',
  'handler',
  'stream',
  'streamId',
  'active',
  'seats',
  'priceTiers',
] as const;

/** Stand in a text for what becomes a link. */
const WHO = '\ue001';
const WHAT = '\ue002';

/** An act as a sentence, with the ways to its person and its object; `forMembers`: without those to pages of operations. */
export function Deed({
  act: { actor, actorName, role, action, about },
  forMembers = false,
}: {
  act: Act;
  forMembers?: boolean;
}) {
  const { t } = useTranslation();
  const known = ROLES.find((name) => name === role);
  const nobody = known ? t(`operator.who.${known}`) : role;
  const named = forMembers ? actorName : <Link to={`/operator/users/${actor}`}>{actorName}</Link>;
  const who = actorName ? named : nobody;
  if (!isDeed(action))
    return (
      <>
        {who}: <code>{action}</code>
      </>
    );
  const [text, kind] = DEEDS[action] as readonly [(typeof DEEDS)[typeof action][0], About?];
  const page = about && (!forMembers || about.kind !== 'account') && pageOf(about);
  const name = about?.name ?? (kind ? t(`operator.some.${kind}`) : '');
  const what = page ? <Link to={page}>{name}</Link> : name;
  return t(`operator.did.${text}`, { who: WHO, what: WHAT })
    .split(/([\ue001\ue002])/)
    .map(
      (part): ReactNode =>
        part === WHO ? <b key="who">{who}</b> : part === WHAT ? <b key="what">{what}</b> : part,
    );
}

type About = NonNullable<Act['about']>['kind'];

/** Decision of an act in words; nothing where the sentence says it all. */
export function Decision({ act: { said, currency } }: { act: Act }) {
  const { t } = useTranslation();
  const inWords = (name: (typeof DECISIONS)[number], value: unknown): string => {
    if (name === 'role' && isOneOf(['user', 'organizer', 'admin'] as const, value))
      return t(`operator.roles.${value}`);
    if (name === 'how' && isOneOf(['paid_elsewhere', 'not_owed'] as const, value))
      return t(`operator.hows.${value}`);
    if (name === 'amount' && typeof value === 'number' && currency) return money(value, currency);
    if (typeof value === 'boolean') return t(value ? 'operator.yes' : 'operator.no');
    return typeof value === 'number' ? number(value) : String(value);
  };
  return DECISIONS.filter((name) => name in said)
    .map((name) => t(`operator.decided.${name}`, { value: inWords(name, said[name]) }))
    .join(' · ');
}

const isOneOf = <T extends string>(names: readonly T[], value: unknown): value is T =>
  names.includes(value as T);

/** End of an act in a word. */
export function Ending({ act: { status } }: { act: Act }) {
  const { t } = useTranslation();
  if (status === null) return t('operator.ended.open');
  if (status < 400) return t('operator.ended.done');
  const kind = status < 500 ? 'refused' : 'failed';
  return (
    <span className={kind === 'failed' ? 'badge danger' : 'badge warm'}>
      {t(`operator.ended.${kind}`, { status })}
    </span>
  );
}
