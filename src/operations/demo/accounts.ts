import { createHmac } from 'node:crypto';
import type { PERMISSION_TEMPLATES } from '../../platform/access/permissions.js';
import type { Role } from '../../platform/access/principal.js';

export interface DemoAccount {
  email: string;
  name: string;
  role: Role;
  /** Rights of the account as a member of the first organizer's organisation; absent: it is none. */
  template?: keyof typeof PERMISSION_TEMPLATES;
}

export const DEMO_ACCOUNTS: DemoAccount[] = [
  { email: 'buyer@evently.test', name: 'Demo Buyer', role: 'user' },
  { email: 'organizer@evently.test', name: 'Demo Organizer', role: 'organizer' },
  { email: 'organizer2@evently.test', name: 'Demo Organizer 2', role: 'organizer' },
  { email: 'manager@evently.test', name: 'Demo Manager', role: 'organizer', template: 'manager' },
  { email: 'boxoffice@evently.test', name: 'Demo Box Office', role: 'organizer', template: 'boxOffice' },
  { email: 'door@evently.test', name: 'Demo Door', role: 'organizer', template: 'door' },
  { email: 'accountant@evently.test', name: 'Demo Accountant', role: 'organizer', template: 'accountant' },
  { email: 'admin@evently.test', name: 'Demo Admin', role: 'admin' },
];

/**
 * The password of the demo accounts of this installation. It follows from the secret of the installation, so that
 * there is none that everybody knows, replicas agree, and nothing more has to be kept.
 */
export function demoPassword(jwtSecret: string): string {
  return `demo-${createHmac('sha256', jwtSecret).update('demo accounts').digest('base64url').slice(0, 12)}`;
}
