import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/access/access.decorators.js';
import { DemoGuard } from './demo.guard.js';
import * as schemas from './demo.schemas.js';
import { DemoLoginsService } from './demo-logins.service.js';

@ApiTags('auth')
@Public()
@UseGuards(DemoGuard)
@Controller('demo/logins')
export class DemoLoginsController {
  constructor(private readonly accounts: DemoLoginsService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Accounts of a demo; 404 where there is none, and always in production' })
  @ApiOkResponse({ standardSchema: schemas.demoLogins })
  logins() {
    return this.accounts.logins();
  }
}
