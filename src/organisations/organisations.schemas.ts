import { z } from 'zod';
import { type House, house } from '../house/house.schemas.js';
import { PERMISSIONS } from '../platform/access/permissions.js';
import { email, instant, line, text, uuid } from '../platform/common/schemas.js';

const ID = '019ab0c0-0000-7000-8000-000000000004';
const USER = '019ab0c0-0000-7000-8000-0000000000a2';
const EVENT = '019ab0c0-0000-7000-8000-000000000003';

const unique = (values: readonly unknown[]) => new Set(values).size === values.length;

const permissions = z
  .array(z.enum(PERMISSIONS))
  .max(PERMISSIONS.length)
  .refine(unique, 'names a permission twice')
  .describe('What the member may do');
const events = z
  .array(uuid)
  .min(1)
  .max(1_000)
  .refine(unique, 'names an event twice')
  .nullable()
  .describe('Events for which they may do it; null: all of the organisation, later ones as well');

const rights = { permissions, events: events.default(null) };
const RIGHTS = { permissions: ['door' as const], events: [EVENT] };

export const rightsInput = z.strictObject(rights).meta({ id: 'MemberRights', example: RIGHTS });
export type RightsInput = z.infer<typeof rightsInput>;

const fields = {
  name: line(200).describe('Named on tickets as the organizer'),
  address: text(1_000, 0).describe('Postal address'),
  website: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
};

export const newOrganisation = z
  .strictObject({ name: fields.name })
  .meta({ id: 'NewOrganisation', example: { name: 'Theatre association Erfurt' } });
export type NewOrganisation = z.infer<typeof newOrganisation>;

const demandsSecondFactor = z
  .boolean()
  .describe('Members may do nothing for it until they have logged in with two factors; changed by owners');
export const organisationEdit = z
  .strictObject({ ...fields, demandsSecondFactor })
  .partial()
  .meta({ id: 'OrganisationEdit', example: { website: 'https://theatre.example.org' } });
export type OrganisationEdit = z.infer<typeof organisationEdit>;

const ORGANISATION = {
  id: ID,
  name: 'Theatre association Erfurt',
  address: 'Theaterplatz 1\n99084 Erfurt',
  website: 'https://theatre.example.org',
  demandsSecondFactor: false,
  version: 1,
  createdAt: '2027-05-31T12:00:00.000Z',
  updatedAt: '2027-05-31T12:00:00.000Z',
};
export const organisation = z
  .strictObject({
    id: uuid,
    name: z.string(),
    address: z.string(),
    website: z.string().nullable(),
    demandsSecondFactor,
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Organisation', example: ORGANISATION });
export type OrganisationBody = z.infer<typeof organisation>;

const { id: ORGANISATION_ID, name: CALLED, address, website } = ORGANISATION;
const LOGO = `/api/v1/organisations/${ORGANISATION_ID}/house/logo?v=3f0c2b9d5e1a`;
/** The part that pages of an organisation show; what it has not itself is that of the house. */
export const organisationHouse = z
  .object({
    ...house.shape,
    version: z.int().describe('Grows with each change, also of the house'),
    organisation: organisation.pick({ id: true, name: true, address: true, website: true }),
  })
  .meta({
    id: 'OrganisationHouse',
    example: {
      ...(house.meta()!.example as House),
      logo: LOGO,
      organisation: { id: ORGANISATION_ID, name: CALLED, address, website },
    },
  });
export type OrganisationHouse = z.infer<typeof organisationHouse>;

const held = {
  owner: z.boolean().describe('Owners may do everything'),
  permissions: z.array(z.enum(PERMISSIONS)),
  events: z.array(uuid).nullable().describe('null: all events of the organisation'),
};

const MINE = {
  id: ID,
  name: ORGANISATION.name,
  owner: false,
  ...RIGHTS,
  demandsSecondFactor: false,
  ownershipOfferedUntil: null,
};
export const ownOrganisations = z
  .strictObject({
    data: z.array(
      z.strictObject({
        id: uuid,
        name: z.string(),
        ...held,
        demandsSecondFactor,
        ownershipOfferedUntil: instant.nullable().describe('Ownership is offered to the caller until then'),
      }),
    ),
  })
  .meta({ id: 'OwnOrganisations', example: { data: [MINE] } });
export type OwnOrganisations = z.infer<typeof ownOrganisations>;

const MEMBER = {
  userId: USER,
  name: 'Ada Byron',
  email: 'ada@example.org',
  owner: false,
  ...RIGHTS,
  joinedAt: '2027-06-01T09:00:00.000Z',
  ownershipOfferedUntil: null,
};
export const member = z
  .strictObject({
    userId: uuid,
    name: z.string(),
    email: z.string(),
    ...held,
    joinedAt: instant,
    ownershipOfferedUntil: instant.nullable().describe('Ownership is offered to this member until then'),
  })
  .meta({ id: 'Member', example: MEMBER });
export type MemberBody = z.infer<typeof member>;

export const memberList = z
  .strictObject({ data: z.array(member) })
  .meta({ id: 'MemberList', example: { data: [MEMBER] } });

export const newInvitation = z
  .strictObject({ email, ...rights })
  .meta({ id: 'NewInvitation', example: { email: 'ada@example.org', ...RIGHTS } });
export type NewInvitation = z.infer<typeof newInvitation>;

const INVITATION = {
  id: '019ab0c0-0000-7000-8000-0000000000b1',
  email: 'ada@example.org',
  ...RIGHTS,
  invitedBy: USER,
  createdAt: '2027-06-01T09:00:00.000Z',
  expiresAt: '2027-06-08T09:00:00.000Z',
};
export const invitation = z
  .strictObject({
    id: uuid,
    email: z.string(),
    permissions: held.permissions,
    events: held.events,
    invitedBy: uuid,
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'Invitation', example: INVITATION });
export type InvitationBody = z.infer<typeof invitation>;

export const invitationList = z
  .strictObject({ data: z.array(invitation) })
  .meta({ id: 'InvitationList', example: { data: [INVITATION] } });

const TOKEN = '3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE';
export const invitationToken = z
  .strictObject({ token: z.string().min(1).max(200).describe('From the link in the mail') })
  .meta({ id: 'InvitationToken', example: { token: TOKEN } });
export type InvitationToken = z.infer<typeof invitationToken>;

export const openInvitation = z
  .strictObject({
    organisation: z.strictObject({ id: uuid, name: z.string() }),
    email: z.string().describe('Address that was invited; any account may accept'),
    permissions: held.permissions,
    events: held.events,
    expiresAt: instant,
  })
  .meta({
    id: 'OpenInvitation',
    example: {
      organisation: { id: ID, name: ORGANISATION.name },
      email: INVITATION.email,
      ...RIGHTS,
      expiresAt: INVITATION.expiresAt,
    },
  });
export type OpenInvitation = z.infer<typeof openInvitation>;

export const ownershipOffer = z
  .strictObject({ userId: uuid.describe('A member') })
  .meta({ id: 'OwnershipOffer', example: { userId: USER } });
export type OwnershipOffer = z.infer<typeof ownershipOffer>;
