import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fastifyStatic from '@fastify/static';
import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accentSheet, isReadable } from '../../house/accent.rules.js';
import { type House, LEGAL_PAGES, type LegalPage } from '../../house/house.schemas.js';
import { HouseService } from '../../house/house.service.js';
import type { OrganisationHouse } from '../../organisations/organisations.schemas.js';
import { LOCALES, type Locale } from '../../platform/common/locale.js';
import { DIST } from '../../platform/common/paths.js';
import { uuid } from '../../platform/common/schemas.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { localeOf } from '../../platform/http/accept.js';
import { matches } from '../../platform/http/etag.js';
import { digest } from '../../platform/http/serialized-answer.js';
import { withHouse } from './house-head.js';
import { missingPicture, type Picture, privatePicture } from './page.rules.js';
import { PagesService } from './pages.service.js';
import { readShell } from './shell.js';

/** Where scripts/build.mjs puts the web app. */
const FOLDER = join(DIST, 'web');

/** Pages of the app beside those that everybody may read; each can be opened, reloaded and mailed. */
const PAGES = [
  '/bookings',
  '/bookings/:id',
  '/bookings/:id/checkout',
  '/tickets',
  '/waitlist',
  '/notifications',
  '/account',
  '/account/notifications',
  '/account/security',
  '/login',
  '/login/back',
  '/login/o/:organisation',
  '/register',
  '/forgot',
  '/reset',
  '/verify',
  '/invitation',
  '/desk',
  '/desk/*',
  '/operator',
  '/operator/*',
];

/**
 * Everything comes from this server but the pictures of events, whose addresses organizers may choose. Sockets are `'self'`,
 * too.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; font-src 'self'; " +
  "connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";

/** HTML of a mail, which an operator's page sends to this frame: inline styles and pictures, and no script but the frame's own. */
const mailPolicyOf = (publicUrl: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data: https: ${new URL(publicUrl).origin}; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox";

/** Pages and files are small and kept by browsers; what they then ask the API for is counted. */
const UNLIMITED = { config: { limit: false } };
const YEAR = '365d';
/** No way to another folder, however it is spelled. */
const PLAIN_NAME = /^[\w~-][\w.~-]*$/;

/** A page with nothing to read is better than one that comes late: the app reads for itself. */
const MOST_WAIT_MS = 1_000;
/** Sources whose files come with an event's page, since the app asks for them as soon as it has started. */
const EVENT_CODE = ['src/shop/event-page.tsx', '../src/platform/common/markdown.ts'];

/** A list that somebody has searched for is another one than that of the first page. */
const FILTERED = /[?&](q|category|city|from|to|available|sort)=/;

const isId = (id: string): boolean => uuid.safeParse(id).success;
const namesNothing = ({ id }: { id?: string }): boolean => id !== undefined && !isId(id);

interface Asked {
  readonly Params: { readonly id: string };
  readonly Querystring: { readonly lang?: string };
}

/** As the app chooses it, but for what only the browser knows. */
const localeFor = ({ query, headers }: FastifyRequest<Asked>): Locale =>
  LOCALES.find((locale) => locale === query.lang) ?? localeOf(headers['accept-language']);

/** Programs that ask for no page get a problem document; so do paths of the API. */
const wantsPage = ({ url, headers: { accept } }: FastifyRequest): boolean =>
  !url.startsWith('/api/') && /\btext\/html\b/.test(accept ?? '');

interface Widget {
  Params: { id: string };
  Querystring: { accent?: unknown };
}

/** A colour in an address, with or without its "#"; undefined when white text on it could not be read. */
function accentOf({ accent }: Widget['Querystring']): string | undefined {
  const hex = typeof accent === 'string' ? /^#?([\da-f]{6})$/i.exec(accent)?.[1]?.toLowerCase() : undefined;
  return hex && isReadable(`#${hex}`) ? `#${hex}` : undefined;
}

const hasText = (house: House | undefined, page: LegalPage): boolean => house?.pages.includes(page) ?? true;

/** The web app, where it was built: its pages, its files by names that change with their content, and the widget. */
export async function registerWeb(fastify: FastifyInstance, app: INestApplication): Promise<void> {
  if (!existsSync(FOLDER)) return;
  const shell = readShell(FOLDER);
  const pages = () => app.get(PagesService, { strict: false });
  await fastify.register(fastifyStatic, { root: FOLDER, serve: false, preCompressed: true });

  const embed = readFileSync(join(FOLDER, 'embed.html'), 'utf8');
  let known: House | undefined;
  /** The last one known while the database does not answer: pages say for themselves what they cannot load. */
  const house = async (): Promise<House | undefined> => {
    known = (await inTime(app.get(HouseService, { strict: false }).current())) ?? known;
    return known;
  };

  const seller = async (id: string | undefined): Promise<OrganisationHouse | undefined> =>
    (id && (await inTime(pages().seller(id)))) || undefined;

  /** `picture`: null where there is nothing, undefined where nothing is said before the app has started. */
  const send = async (
    request: FastifyRequest<Asked>,
    reply: FastifyReply,
    picture: Picture | null | undefined,
    { code, sellerId }: { code?: readonly string[]; sellerId?: string | undefined } = {},
  ) => {
    const locale = localeFor(request);
    const found = picture === null ? missingPicture(locale) : (picture ?? privatePicture(locale));
    const shown = { house: await house(), seller: await seller(sellerId) };
    const html = Buffer.from(withHouse(shell.page(found, locale, code), shown));
    const tag = `W/"${digest(html)}"`;
    reply
      .status(picture === null ? 404 : 200)
      .header('Content-Security-Policy', `${POLICY}'none'`)
      .header('Cache-Control', 'no-cache')
      .header('Vary', 'Accept, Accept-Encoding, Accept-Language')
      .header('ETag', tag);
    if (picture !== null && matches(request.headers['if-none-match'], tag)) return reply.status(304).send();
    return reply.type('text/html; charset=utf-8').send(html);
  };

  fastify.get<Asked>('/', UNLIMITED, async (request, reply) =>
    send(
      request,
      reply,
      FILTERED.test(request.url) ? undefined : await inTime(pages().home(localeFor(request))),
    ),
  );
  // Counted: addresses of events that do not exist are asked of the database.
  fastify.get<Asked>('/events/:id', async (request, reply) => {
    const id = request.params.id.toLowerCase();
    const picture = isId(id) ? await inTime(pages().event(id, localeFor(request))) : null;
    return send(request, reply, picture, { code: EVENT_CODE, sellerId: picture?.sellerId });
  });
  fastify.get<Asked>('/o/:id', async (request, reply) => {
    const id = request.params.id.toLowerCase();
    const picture = isId(id) ? await inTime(pages().organisation(id, localeFor(request))) : null;
    return send(request, reply, picture, { sellerId: picture?.sellerId });
  });
  for (const name of LEGAL_PAGES)
    fastify.get<Asked>(`/o/:id/${name}`, async (request, reply) => {
      const id = request.params.id.toLowerCase();
      const found = isId(id) ? await inTime(pages().seller(id)) : null;
      const picture = found === null || !hasText(found, name) ? null : undefined;
      return send(request, reply, picture, { sellerId: found?.organisation.id });
    });
  for (const path of PAGES)
    fastify.get<Asked>(path, UNLIMITED, (request, reply) =>
      send(request, reply, namesNothing(request.params) ? null : undefined),
    );
  for (const name of LEGAL_PAGES)
    fastify.get<Asked>(`/${name}`, UNLIMITED, async (request, reply) =>
      send(request, reply, hasText(await house(), name) ? undefined : null),
    );
  fastify.get<Asked>('/*', (request, reply) =>
    wantsPage(request) ? send(request, reply, null) : reply.callNotFound(),
  );
  // Organizers show it on their own pages. Counted like the pages of events.
  fastify.get<Widget>('/embed/:id', async ({ params, query }, reply) => {
    const id = params.id.toLowerCase();
    const event = isId(id) ? await inTime(pages().event(id, 'en')) : null;
    const shown = { house: await house(), seller: await seller(event?.sellerId), accent: accentOf(query) };
    return reply
      .removeHeader('X-Frame-Options')
      .status(isId(id) ? 200 : 404)
      .header('Content-Security-Policy', `${POLICY}*`)
      .header('Cache-Control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(withHouse(embed, shown));
  });
  fastify.get<Widget>('/colors.css', UNLIMITED, ({ query }, reply) => {
    const accent = accentOf(query);
    if (!accent) return reply.callNotFound();
    return reply
      .header('Cache-Control', `public, max-age=${365 * 24 * 3600}, immutable`)
      .type('text/css; charset=utf-8')
      .send(accentSheet(accent));
  });
  fastify.get<{ Params: { file: string } }>('/assets/:file', UNLIMITED, ({ params: { file } }, reply) =>
    PLAIN_NAME.test(file)
      ? reply.sendFile(`assets/${file}`, { maxAge: YEAR, immutable: true })
      : reply.callNotFound(),
  );
  fastify.get('/mail-frame.html', UNLIMITED, (_request, reply) =>
    reply
      .header('X-Frame-Options', 'SAMEORIGIN')
      .header('Content-Security-Policy', mailPolicyOf(app.get<Config>(CONFIG).http.publicUrl))
      .sendFile('mail-frame.html', { maxAge: '1h' }),
  );
  for (const file of ['embed.js', 'mail-frame.js', 'card.png', 'favicon.svg', 'robots.txt'])
    fastify.get(`/${file}`, UNLIMITED, (_request, reply) => reply.sendFile(file, { maxAge: '1h' }));
}

/** Undefined when the database does not answer soon, or with an error: the app then shows both in its own words. */
const inTime = <Found>(read: Promise<Found>): Promise<Found | undefined> =>
  Promise.race([read, sleep(MOST_WAIT_MS, undefined, { ref: false })]).catch(() => undefined);
