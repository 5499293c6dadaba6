import { z } from 'zod';
import { instant, page, pageOf, uuid } from '../../platform/common/schemas.js';
import { KIND_NAMES } from './notification.kinds.js';

const kind = z.enum(KIND_NAMES);

const NOTIFICATION = {
  id: '019ab0c0-0000-7000-8000-0000000000d9',
  kind: 'booking.confirmed' as const,
  title: 'Your booking for Final',
  text: 'Booking K7RM-2XQF is confirmed. See you on Sunday 1 August 2027 at 20:00 CEST.',
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
  createdAt: '2027-06-01T10:00:00.000Z',
  readAt: null,
};

export const notificationBody = z
  .strictObject({
    id: uuid,
    kind,
    title: z.string().describe('In the language of the account'),
    text: z.string(),
    eventId: uuid.nullable(),
    bookingId: uuid.nullable(),
    createdAt: instant,
    readAt: instant.nullable(),
  })
  .meta({ id: 'Notification', example: NOTIFICATION });
export type NotificationBody = z.infer<typeof notificationBody>;

export const notificationPage = pageOf(notificationBody)
  .extend({ unread: z.int().describe('How many there are unread in all') })
  .meta({ id: 'NotificationPage', example: { data: [NOTIFICATION], next: null, unread: 1 } });
export type NotificationPage = z.infer<typeof notificationPage>;

export const notificationQuery = page.extend({
  unread: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('Only those that are unread'),
});
export type NotificationQuery = z.infer<typeof notificationQuery>;

export const readBody = z
  .strictObject({ read: z.int().describe('How many were unread') })
  .meta({ id: 'NotificationsRead', example: { read: 3 } });

const preference = {
  kind,
  inApp: z.boolean().describe('In the list and over the socket'),
  mail: z.boolean(),
};

export const newPreferences = z
  .strictObject({
    data: z
      .array(z.strictObject(preference))
      .max(KIND_NAMES.length)
      .refine((data) => new Set(data.map((entry) => entry.kind)).size === data.length, 'name a kind twice'),
  })
  .meta({
    id: 'NewNotificationPreferences',
    example: { data: [{ kind: 'event.reminder', inApp: true, mail: false }] },
  });
export type NewPreferences = z.infer<typeof newPreferences>;

export const preferencesBody = z
  .strictObject({
    data: z.array(
      z.strictObject({
        ...preference,
        alwaysInApp: z.boolean().describe('`inApp` cannot be switched off: it is about a seat or money'),
      }),
    ),
  })
  .meta({
    id: 'NotificationPreferences',
    example: { data: [{ kind: 'event.reminder', inApp: true, mail: false, alwaysInApp: false }] },
  });
export type PreferencesBody = z.infer<typeof preferencesBody>;
