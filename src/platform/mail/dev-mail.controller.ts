import {
  applyDecorators,
  Controller,
  Get,
  Header,
  Headers,
  Inject,
  Param,
  Query,
  Res,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.decorators.js';
import { uuid } from '../common/schemas.js';
import { CONFIG, type Config } from '../config/config.js';
import { localeOf } from '../http/accept.js';
import { IdParam } from '../http/id-param.decorators.js';
import { routeConfig } from '../http/route-config.js';
import { DevMailGuard } from './dev-mail.guard.js';
import { DevMailService } from './dev-mail.service.js';

const to = z.string().max(254).optional();
const filter = z.strictObject({ to });
const inbox = z.strictObject({ to, mail: uuid.optional(), view: z.enum(['html', 'text']).optional() });
const number = z.coerce.number().int().min(0).max(999);

/** Mails hold links that reset passwords: no page of another origin may read or embed these answers. */
const SameOriginOnly = () =>
  applyDecorators(routeConfig({ cors: false }), Header('Cross-Origin-Resource-Policy', 'same-origin'));

/** The development mailbox. Not part of the application in production. */
@ApiExcludeController()
@Public()
@UseGuards(DevMailGuard)
@Controller()
export class DevMailController {
  constructor(
    private readonly mails: DevMailService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('dev/mail')
  @SameOriginOnly()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Vary', 'Accept-Language')
  @Header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  )
  page(
    @Query({ schema: inbox }) query: z.infer<typeof inbox>,
    @Headers('accept-language') language: string | undefined,
  ) {
    return this.mails.page(query, localeOf(language));
  }

  @Get('dev/mail.json')
  @SameOriginOnly()
  list(@Query({ schema: filter }) query: z.infer<typeof filter>) {
    return this.mails.list(query.to);
  }

  @Get('dev/mail/inbox.js')
  @SameOriginOnly()
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script() {
    return this.mails.script;
  }

  /** In a frame of the mailbox only, without scripts and as of another origin. */
  @Get('dev/mail/:id/html')
  @SameOriginOnly()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('X-Frame-Options', 'SAMEORIGIN')
  html(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { origin } = new URL(this.config.http.publicUrl);
    reply.header(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https: ${origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`,
    );
    return this.mails.html(id);
  }

  @Get('dev/mail/:id/attachments/:no')
  @SameOriginOnly()
  async attachment(@IdParam() id: string, @Param('no', { schema: number }) no: number) {
    const { filename, contentType, content } = await this.mails.attachment(id, no);
    const name = encodeURIComponent(filename);
    return new StreamableFile(content, {
      type: contentType,
      disposition: `attachment; filename*=UTF-8''${name}`,
    });
  }
}
