import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OwnCredentials } from '../access/access.decorators.js';
import { MetricsService } from './metrics.service.js';

@Controller()
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  /** Prometheus text format. */
  @OwnCredentials()
  @Get('metrics')
  @Header('Cache-Control', 'no-store')
  @ApiExcludeEndpoint()
  async read(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const text = await this.metrics.serialize(authorization);
    reply.type(this.metrics.contentType);
    return text;
  }
}
