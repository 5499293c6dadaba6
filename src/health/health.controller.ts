import { Controller, Get } from '@nestjs/common';
import { Public } from '../auth/auth.decorators.js';

@Controller('health')
export class HealthController {
  /** The process runs and answers; nothing else is asked. */
  @Public()
  @Get('live')
  live() {
    return { status: 'ok' };
  }
}
