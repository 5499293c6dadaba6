import { z } from 'zod';
import { instant, uuid } from '../../platform/common/schemas.js';

export const demoLogins = z
  .strictObject({
    logins: z.array(
      z.strictObject({
        email: z.string(),
        name: z.string(),
        role: z.enum(['user', 'organizer', 'admin']),
        template: z
          .enum(['manager', 'boxOffice', 'door', 'accountant'])
          .optional()
          .describe("What the account may do in the first organizer's organisation"),
      }),
    ),
    password: z.string().describe('The same for all of them, of this installation only'),
  })
  .meta({
    id: 'DemoLogins',
    example: {
      logins: [{ email: 'buyer@evently.test', name: 'Demo Buyer', role: 'user' }],
      password: 'demo-xxxxxxxxxxxx',
    },
  });
export type DemoLogins = z.infer<typeof demoLogins>;

export const newRush = z
  .strictObject({
    eventId: uuid.optional().describe('Absent: the smallest event on sale that has room for all robots'),
  })
  .default({})
  .meta({ id: 'NewDemoRush', example: {} });
export type NewRush = z.infer<typeof newRush>;

export const demoRush = z
  .strictObject({
    state: z
      .enum(['none', 'running', 'checking', 'over'])
      .describe('`none`: none was started on this replica; `checking`: the robots are done, the audit runs'),
    eventId: uuid.nullable(),
    title: z.string().nullable().describe('Title of the event'),
    startedAt: instant.nullable(),
    seconds: z.int().describe('How long the robots have been at it'),
    robots: z.int(),
    bought: z.int().describe('Seats and places'),
    givenBack: z.int().describe('Holds that were given back'),
    refused: z.int().describe('Requests that came too late for their places'),
    violations: z
      .int()
      .nullable()
      .describe('What the audit of the whole installation found afterwards; 0: nothing was oversold'),
  })
  .meta({
    id: 'DemoRush',
    example: {
      state: 'over',
      eventId: '019ab0c0-0000-7000-8000-0000000000e1',
      title: 'Season opening',
      startedAt: '2027-06-01T09:00:00.000Z',
      seconds: 20,
      robots: 200,
      bought: 431,
      givenBack: 19,
      refused: 77,
      violations: 0,
    },
  });
export type DemoRush = z.infer<typeof demoRush>;
