import { createHmac } from 'node:crypto';
import type { Role } from '../../platform/access/principal.js';

export interface DemoAccount {
  email: string;
  name: string;
  role: Role;
}

export const DEMO_ACCOUNTS: DemoAccount[] = [
  { email: 'buyer@evently.test', name: 'Demo Buyer', role: 'user' },
  { email: 'organizer@evently.test', name: 'Demo Organizer', role: 'organizer' },
  { email: 'organizer2@evently.test', name: 'Demo Organizer 2', role: 'organizer' },
  { email: 'admin@evently.test', name: 'Demo Admin', role: 'admin' },
];

/**
 * The password of the demo accounts of this installation. It follows from the secret of the installation, so that
 * there is none that everybody knows, replicas agree, and nothing more has to be kept.
 */
export function demoPassword(jwtSecret: string): string {
  return `demo-${createHmac('sha256', jwtSecret).update('demo accounts').digest('base64url').slice(0, 12)}`;
}
