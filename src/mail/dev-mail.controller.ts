import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../auth/auth.decorators.js';
import { DevMailService } from './dev-mail.service.js';

const filter = z.strictObject({ to: z.string().max(254).optional() });

/** The development mailbox. Not part of the application in production. */
@ApiExcludeController()
@Public()
@Controller()
export class DevMailController {
  constructor(private readonly mails: DevMailService) {}

  @Get('dev/mail')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  page(@Query({ schema: filter }) query: z.infer<typeof filter>) {
    return this.mails.page(query.to);
  }

  @Get('dev/mail.json')
  list(@Query({ schema: filter }) query: z.infer<typeof filter>) {
    return this.mails.list(query.to);
  }
}
