import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/access/access.decorators.js';
import { overview } from './overview.schemas.js';
import { OverviewService } from './overview.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @ApiOperation({ summary: 'What needs attention, and the last twelve hours in numbers' })
  @ApiOkResponse({ standardSchema: overview })
  @Get()
  read() {
    return this.overview.read();
  }
}
