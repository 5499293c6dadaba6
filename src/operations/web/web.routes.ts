import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DIST } from '../../platform/common/paths.js';
import { uuid } from '../../platform/common/schemas.js';

/** Where scripts/build.mjs puts the web app. */
const FOLDER = join(DIST, 'web');

/** Pages of the app that have addresses of their own, which can be opened, reloaded and mailed. */
const PAGES = [
  '/',
  '/events/:id',
  '/bookings',
  '/bookings/:id',
  '/bookings/:id/checkout',
  '/tickets',
  '/waitlist',
  '/notifications',
  '/account',
  '/account/notifications',
  '/login',
  '/register',
  '/forgot',
  '/reset',
  '/verify',
  '/desk',
  '/desk/*',
  '/operator',
  '/operator/*',
];

// Everything comes from this server but the pictures of events, whose addresses organizers choose. Sockets are
// `'self'`, too.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";

/** Pages and files are small and kept by browsers; what they then ask the API for is counted. */
const UNLIMITED = { config: { limit: false } };
const YEAR = '365d';
/** No way to another folder, however it is spelled. */
const PLAIN_NAME = /^[\w~-][\w.~-]*$/;

/** The page says so itself. */
const namesNothing = ({ id }: { id?: string }): boolean => id !== undefined && !uuid.safeParse(id).success;

/** The web app, where it was built: its pages, its files by names that change with their content, and the widget. */
export async function registerWeb(fastify: FastifyInstance): Promise<void> {
  if (!existsSync(FOLDER)) return;
  await fastify.register(fastifyStatic, { root: FOLDER, serve: false, preCompressed: true });
  const page = ({ params }: FastifyRequest, reply: FastifyReply, file: string, ancestors: string) =>
    reply
      .status(namesNothing(params as { id?: string }) ? 404 : 200)
      .header('Content-Security-Policy', POLICY + ancestors)
      .header('Cache-Control', 'no-cache')
      .sendFile(file, { cacheControl: false });
  for (const path of PAGES)
    fastify.get(path, UNLIMITED, (request, reply) => page(request, reply, 'index.html', "'none'"));
  // Organizers show it on their own pages.
  fastify.get('/embed/:id', UNLIMITED, (request, reply) =>
    page(request, reply.removeHeader('X-Frame-Options'), 'embed.html', '*'),
  );
  fastify.get<{ Params: { file: string } }>('/assets/:file', UNLIMITED, ({ params: { file } }, reply) =>
    PLAIN_NAME.test(file)
      ? reply.sendFile(`assets/${file}`, { maxAge: YEAR, immutable: true })
      : reply.callNotFound(),
  );
  for (const file of ['embed.js', 'favicon.svg', 'robots.txt'])
    fastify.get(`/${file}`, UNLIMITED, (_request, reply) => reply.sendFile(file, { maxAge: '1h' }));
}
