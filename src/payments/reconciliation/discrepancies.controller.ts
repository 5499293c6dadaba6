import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles, StepUp } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './discrepancies.schemas.js';
import { DiscrepanciesService } from './discrepancies.service.js';
import { ReconciliationService } from './reconciliation.service.js';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/payments')
export class DiscrepanciesController {
  constructor(
    private readonly discrepancies: DiscrepanciesService,
    private readonly reconciliation: ReconciliationService,
  ) {}

  @Post('compare')
  @HttpCode(200)
  @ApiOperation({
    summary: "Compare the provider's books with ours now",
    description:
      'Happens every few minutes by itself. Differences with one right answer are repaired, the others are listed.',
  })
  @ApiOkResponse({ standardSchema: schemas.comparisonBody })
  compare(@Body({ schema: schemas.comparisonInput }) { days }: schemas.ComparisonInput) {
    return this.reconciliation.compareDays(days);
  }

  @Get('discrepancies')
  @ApiOperation({ summary: "List differences between the payment provider's books and ours, newest first" })
  @ApiOkResponse({ standardSchema: schemas.discrepancyPage })
  list(@Query({ schema: schemas.discrepancyQuery }) query: schemas.DiscrepancyQuery) {
    return this.discrepancies.list(query);
  }

  @StepUp()
  @Post('discrepancies/:id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close a difference that was settled by hand' })
  @ApiOkResponse({ standardSchema: schemas.discrepancyBody })
  resolve(
    @CurrentUser() admin: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.resolution }) { note }: schemas.Resolution,
  ) {
    return this.discrepancies.resolve(admin, id, note);
  }
}
