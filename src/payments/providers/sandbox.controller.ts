import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BuyersToo, Public } from '../../platform/access/access.decorators.js';
import * as schemas from './sandbox.schemas.js';
import { SandboxService } from './sandbox.service.js';

@ApiTags('payments')
@Controller('payments/sandbox')
export class SandboxController {
  constructor(private readonly sandbox: SandboxService) {}

  @BuyersToo('own')
  @Public()
  @Post(':ref/confirm')
  @HttpCode(204)
  @ApiOperation({
    summary:
      'Approve or refuse a sandbox payment that needs a second step; in production for sandbox events only',
    description: 'Its address comes as `nextAction.url`. Read the booking afterwards.',
  })
  @ApiNoContentResponse({ description: 'Told to the provider' })
  confirm(
    @Param('ref', { schema: schemas.sandboxRef }) ref: string,
    @Body({ schema: schemas.sandboxAnswer }) { approve }: schemas.SandboxAnswer,
  ) {
    return this.sandbox.answer(ref, approve);
  }
}
