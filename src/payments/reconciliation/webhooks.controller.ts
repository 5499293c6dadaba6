import { Body, Controller, Headers, HttpCode, Post, type RawBodyRequest, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Unlimited } from '../../auth/limits/limits.decorators.js';
import { Public } from '../../platform/access/access.decorators.js';
import { ProviderEventsService } from './provider-events.service.js';
import { stripeEvent } from './webhooks.schemas.js';

@ApiTags('payments')
@Controller('payments/webhooks')
export class WebhooksController {
  constructor(private readonly events: ProviderEventsService) {}

  @Public()
  @Post('stripe')
  @Unlimited()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Where Stripe sends its events; 404 while Stripe is not in use',
    description:
      'Signed by Stripe. Each event is kept once; what became of the payment is then asked of Stripe itself, so events may come late, twice and in any order.',
  })
  @ApiHeader({ name: 'Stripe-Signature', required: true })
  @ApiNoContentResponse({ description: 'Kept, or known before' })
  @ApiBadRequestResponse({ description: '`invalid_signature`' })
  @ApiNotFoundResponse({ description: 'Stripe is not set up here' })
  stripe(
    // The signature covers the bytes, so they are what is read.
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Body({ schema: stripeEvent }) _event: unknown,
    @Headers('stripe-signature') signature: string | undefined,
  ) {
    return this.events.receive('stripe', request.rawBody!, signature);
  }
}
