import { api, ok, type Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { useErrorText } from '../ui/errors.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import type { Role } from './queries.js';

export const ROLES: readonly Role[] = ['user', 'organizer', 'admin'];

/** Role of an account, which can be changed; one's own cannot. */
export function RoleChoice({ user: { id, name, role } }: { user: Schemas['ManagedAccount'] }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const forget = useForget();
  const say = useToast();
  const text = useErrorText();
  const { busy, run } = useWork();
  const assign = (wanted: Role) => {
    if (!confirm(t('operator.roleSure', { name: name ?? '', role: t(`operator.roles.${wanted}`) }))) return;
    void run(async () => {
      try {
        await ok(api.PATCH('/api/v1/admin/users/{id}', { params: { path: { id } }, body: { role: wanted } }));
        say(t('app.saved'));
      } catch (error) {
        say(text(error));
      }
      forget('operator');
    });
  };
  return (
    <select
      className="input"
      aria-label={t('operator.roleOf', { name: name ?? '' })}
      value={role}
      disabled={busy || user?.id === id}
      onChange={({ target }) => assign(target.value as Role)}
    >
      {ROLES.map((value) => (
        <option key={value} value={value}>
          {t(`operator.roles.${value}`)}
        </option>
      ))}
    </select>
  );
}
