import { applyDecorators, Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../access/access.decorators.js';
import { routeConfig } from '../http/route-config.js';
import { DevMailGuard } from './dev-mail.guard.js';
import { DevMailService } from './dev-mail.service.js';

const filter = z.strictObject({ to: z.string().max(254).optional() });

/** Mails hold links that reset passwords: no page of another origin may read or embed these answers. */
const SameOriginOnly = () =>
  applyDecorators(routeConfig({ cors: false }), Header('Cross-Origin-Resource-Policy', 'same-origin'));

/** The development mailbox. Not part of the application in production. */
@ApiExcludeController()
@Public()
@UseGuards(DevMailGuard)
@Controller()
export class DevMailController {
  constructor(private readonly mails: DevMailService) {}

  @Get('dev/mail')
  @SameOriginOnly()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  page(@Query({ schema: filter }) query: z.infer<typeof filter>) {
    return this.mails.page(query.to);
  }

  @Get('dev/mail.json')
  @SameOriginOnly()
  list(@Query({ schema: filter }) query: z.infer<typeof filter>) {
    return this.mails.list(query.to);
  }
}
