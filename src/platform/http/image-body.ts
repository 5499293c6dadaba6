import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { routeConfig } from './route-config.js';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'];

interface ImageRoute {
  readonly takesImage?: true;
}

const refusal = () =>
  new DomainError('unsupported_media_type', {
    detail: 'Send a PNG, JPEG, WebP or AVIF picture as the body.',
  });

/** A route whose body is a picture of at most so many bytes. */
export const TakesImage = (bodyLimit: number): MethodDecorator =>
  applyDecorators(
    routeConfig({ bodyLimit, takesImage: true }),
    ApiConsumes(...IMAGE_TYPES),
    ApiBody({ required: true, schema: { type: 'string', format: 'binary' } }),
  );

/** The bytes of such a body. Errors: `unsupported_media_type` for any other. */
export function requiredImage({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw refusal();
}

/** Reads pictures on the routes that take them; to all others they are no body. */
export function readImages(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(IMAGE_TYPES, { parseAs: 'buffer' }, (request, body, done) => {
    const { takesImage } = request.routeOptions.config as ImageRoute;
    if (takesImage) done(null, body);
    else done(refusal());
  });
}
