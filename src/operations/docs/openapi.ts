import { STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { VERSION } from '../../platform/common/version.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { addExamples, recordedCalls } from './examples.js';
import { firstSale } from './first-sale.js';
import { type Access, accessOfOperations, operationId } from './operations.js';
import { addProblems, PROBLEM_RESPONSES } from './problem.responses.js';
import { problem } from './problem.schema.js';
import { tidySchemas } from './tidy-schemas.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Record<string, { $ref?: string; description?: string; headers?: Record<string, object> }>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Sells seats for live events and never sells one twice.

Times are ISO 8601 with zone, money is integer minor units of the currency, ids are UUIDs. Errors are
\`application/problem+json\` with a stable \`code\`: [all codes](/docs/errors). Lists answer \`{data, next, total}\`; give
\`next\` back as \`cursor\`. Edits need \`If-Match\` with the \`ETag\` last read. Live seat maps come over Socket.IO.`;

const BEARER = { type: 'http', scheme: 'bearer' } as const;
const SCHEMES = {
  bearer: 'Access token of an account, from `POST /auth/login`.',
  key: 'Key of an organisation for a machine, from `POST /organisations/{id}/keys`; never in a browser or an address.',
  buyerSession:
    'Token that a shop makes for one of its customers with `POST /events/{id}/buyer-sessions`: for one event, and for pages of one origin.',
};

/** Groups of operations in the order of a sale, with those for a few people last. */
const TAGS: Record<string, string> = {
  auth: 'Accounts, logins and sessions',
  events: 'Performances, their prices and what is on sale',
  seats: 'The seat map, now and as it changes',
  bookings: 'Holds and what becomes of them',
  tickets: 'Tickets: codes, pages to print, check-in, transfer',
  payments: 'Payments and refunds',
  waitlist: 'Lines for sold-out events, and what is offered to those who wait',
  notifications: 'Notifications, and the choice of them',
  venues: 'Places and their seating plans',
  analytics: 'Sales of your events in numbers, each with its definition',
  webhooks: 'Messages about your events to your own systems',
  customers: 'Customers of organisations’ own shops, and the sessions with which they buy',
  organisations: 'Organisations of organizers: members, permissions, invitations, keys for machines',
  house: 'Who sells here: name, look, legal texts',
  health: 'For load balancers and operators',
  admin: 'For administrators',
};

/** The OpenAPI document of all routes, made from the schemas that also check requests. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Evently')
    .setDescription(`${DESCRIPTION}\n\n${firstSale(app.get<Config>(CONFIG).http.publicUrl)}`)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addBearerAuth({ ...BEARER, bearerFormat: 'JWT', description: SCHEMES.bearer }, 'bearer')
    .addBearerAuth({ ...BEARER, bearerFormat: 'evk_live_…', description: SCHEMES.key }, 'key')
    .addBearerAuth({ ...BEARER, bearerFormat: 'JWT', description: SCHEMES.buyerSession }, 'buyerSession');
  const document = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: operationId });
  const used = new Set<string>();
  const access = accessOfOperations(app);
  const calls = recordedCalls();
  for (const path of Object.values(document.paths))
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      for (const tag of operation.tags ?? []) used.add(tag);
      const rules = access.get(operation.operationId!)!;
      const { isPublic } = rules;
      operation.security = security(rules, method === 'get');
      operation.description = [operation.description, whoMay(rules)].filter(Boolean).join('\n\n');
      addProblems(operation, isPublic, method !== 'get');
      addExamples(operation, calls[operation.operationId!]);
      completeResponses(operation);
    }
  // Nobody can be named: each installation is somebody else's.
  document.info.contact = {
    name: 'Operator of this installation',
    url: app.get<Config>(CONFIG).http.publicUrl,
  };
  const order = Object.keys(TAGS);
  document.tags = [...used]
    .sort((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((name) => ({ name, description: TAGS[name] }));
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...problemSchema() },
    responses: usedProblems(document),
    headers: {
      'X-Correlation-Id': {
        description: 'Names this request in the logs; taken from the request when it sends one',
        schema: { type: 'string', example: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47' },
      },
    },
  };
  return tidySchemas(document);
}

function whoMay({ isPublic, roles, needs, keysOnly, buyers }: Access): string {
  if (isPublic) return 'Open to everybody.';
  if (keysOnly) return `Needs a key with the permission \`${needs}\`.`;
  if (needs) return `Needs the permission \`${needs}\` in an organisation, as a member or with a key.`;
  return roles.length > 0
    ? `Needs the role ${roles.join(' or ')}.`
    : `Needs a login${buyers ? ' or a buyer session' : ''}.`;
}

/** Leaves out problem responses that no operation refers to because it has examples of its own. */
function usedProblems({ paths }: OpenAPIObject) {
  const text = JSON.stringify(paths);
  const responses = Object.entries(PROBLEM_RESPONSES);
  return Object.fromEntries(responses.filter(([name]) => text.includes(`/responses/${name}"`)));
}

/** Public reads show more to those who log in: an organizer's drafts, say. */
function security({ isPublic, keys, keysOnly, buyers }: Access, isRead: boolean): Record<string, string[]>[] {
  if (keysOnly) return [{ key: [] }];
  const others: Record<string, string[]>[] = [
    ...(keys ? [{ key: [] }] : []),
    ...(buyers ? [{ buyerSession: [] }] : []),
  ];
  if (!isPublic) return [{ bearer: [] }, ...others];
  return isRead ? [{}, { bearer: [] }, ...others] : [];
}

function completeResponses(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses as Responses)) {
    if (response.$ref) continue;
    response.description ||= STATUS_CODES[status];
    response.headers = {
      'X-Correlation-Id': { $ref: '#/components/headers/X-Correlation-Id' },
      ...response.headers,
    };
  }
}

/** As a named component, which is how zod prints a schema with an id. */
function problemSchema(): Record<string, object> {
  const { definitions } = z.toJSONSchema(problem, { target: 'openapi-3.0' }) as z.core.JSONSchema.JSONSchema;
  return definitions as Record<string, object>;
}
