import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/access/access.decorators.js';
import { DemoGuard } from './demo.guard.js';
import * as schemas from './demo.schemas.js';
import { RushService } from './rush.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@UseGuards(DemoGuard)
@Controller('admin/demo/rush')
export class RushController {
  constructor(private readonly rushes: RushService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The last rush that was started on this replica of a demo; 404 elsewhere' })
  @ApiOkResponse({ standardSchema: schemas.demoRush })
  state() {
    return this.rushes.state();
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send 200 robots to buy places of one event of a demo, for about 20 seconds, then audit',
  })
  @ApiAcceptedResponse({ standardSchema: schemas.demoRush })
  start(@Body({ schema: schemas.newRush }) body: schemas.NewRush) {
    return this.rushes.start(body);
  }
}
