import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { AsyncApiService } from '../../live/asyncapi.service.js';
import { matches } from '../../platform/http/etag.js';
import { asyncApiPage } from './asyncapi-page.js';
import { errorTablePage } from './error-table.js';
import { openApiDocument } from './openapi.js';

const require = createRequire(import.meta.url);
// The copy that belongs to @nestjs/swagger.
const swaggerUi = dirname(
  createRequire(require.resolve('@nestjs/swagger')).resolve('swagger-ui-dist/package.json'),
);

// Everything comes from this server, so the pages work offline. Both viewers style inline; ReDoc searches in a worker.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const EMPTY_IMAGE = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

const page = (head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evently API</title>
<link rel="icon" href="/docs/swagger-ui/favicon-32x32.png">
${head}
</head>
<body>
${body}
</body>
</html>
`;

const SWAGGER_PAGE = page(
  '<link rel="stylesheet" href="/docs/swagger-ui/swagger-ui.css">',
  '<div id="swagger-ui"></div><script src="/docs/swagger-ui/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>',
);
const SWAGGER_START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
const REDOC_PAGE = page(
  '<style>body { margin: 0 }</style>',
  '<div id="redoc"></div><script src="/redoc/redoc.standalone.js"></script><script src="/redoc/start.js"></script>',
);
const REDOC_START =
  "Redoc.init('/openapi.json', { hideDownloadButtons: false }, document.getElementById('redoc'));\n";

/**
 * The pages about the API, outside of `/api/v1`: `/docs` (Swagger UI), `/redoc`, `/openapi.json`, `/asyncapi` and `/docs/errors`.
 * The document is made when first asked for, since all controllers must be known.
 */
export async function registerDocs(fastify: FastifyInstance, app: INestApplication): Promise<void> {
  let document: { json: string; tag: string } | undefined;
  const html = (text: string) => (_: unknown, reply: FastifyReply) =>
    reply
      .header('Content-Security-Policy', POLICY)
      .header('Cache-Control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(text);
  const script = (text: string) => (_: unknown, reply: FastifyReply) =>
    reply.type('text/javascript; charset=utf-8').send(text);

  fastify.get('/openapi.json', (request, reply) => {
    document ??= serialize(openApiDocument(app));
    reply.header('ETag', document.tag).header('Cache-Control', 'no-cache');
    if (matches(request.headers['if-none-match'], document.tag)) return reply.status(304).send();
    return reply.type('application/json').send(document.json);
  });
  fastify.get('/asyncapi', (request, reply) =>
    html(asyncApiPage(app.get(AsyncApiService, { strict: false }).document))(request, reply),
  );
  fastify.get('/docs', html(SWAGGER_PAGE));
  fastify.get('/docs/start.js', script(SWAGGER_START));
  fastify.get('/docs/errors', html(errorTablePage()));
  fastify.get('/redoc', html(REDOC_PAGE));
  fastify.get('/redoc/start.js', script(REDOC_START));
  await fastify.register(fastifyStatic, {
    index: false,
    decorateReply: false,
    maxAge: '1h',
    root: swaggerUi,
    prefix: '/docs/swagger-ui/',
    allowedPath: (path) => /^\/(swagger-ui\.css|swagger-ui-bundle\.js|favicon-32x32\.png)$/.test(path),
  });
  let redoc: Promise<string> | undefined;
  fastify.get('/redoc/redoc.standalone.js', async (_, reply) => {
    redoc ??= redocWithoutLogo();
    return reply
      .header('Cache-Control', 'public, max-age=3600')
      .type('text/javascript; charset=utf-8')
      .send(await redoc);
  });
}

/** ReDoc asks its maker's server for a logo, and has no setting against it. */
async function redocWithoutLogo(): Promise<string> {
  const script = await readFile(require.resolve('redoc/bundles/redoc.standalone.js'), 'utf8');
  return script.replaceAll('https://cdn.redoc.ly/redoc/logo-mini.svg', EMPTY_IMAGE);
}

function serialize(value: object) {
  const json = JSON.stringify(value);
  return { json, tag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
}
