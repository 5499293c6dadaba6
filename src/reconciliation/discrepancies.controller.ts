import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { idParams } from '../common/schemas.js';
import * as schemas from './discrepancies.schemas.js';
import { Discrepancies } from './discrepancies.service.js';
import { Reconciliation } from './reconciliation.service.js';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/payments')
export class DiscrepanciesController {
  constructor(
    private readonly discrepancies: Discrepancies,
    private readonly reconciliation: Reconciliation,
  ) {}

  @Post('compare')
  @HttpCode(200)
  @ApiOperation({
    summary: "Compare the provider's books with ours now",
    description:
      'Happens every few minutes by itself. What has one right answer is repaired, the rest is listed.',
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

  @Post('discrepancies/:id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close a difference that was settled by hand' })
  @ApiOkResponse({ standardSchema: schemas.discrepancyBody })
  resolve(
    @CurrentUser() admin: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.resolution }) { note }: schemas.Resolution,
  ) {
    return this.discrepancies.resolve(admin, id, note);
  }
}
