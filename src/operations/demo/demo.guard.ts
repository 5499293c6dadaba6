import { type CanActivate, Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';

/** Routes of a demo do not exist elsewhere, and never in production. */
@Injectable()
export class DemoGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(): boolean {
    if (this.config.demo && this.config.env !== 'production') return true;
    throw new DomainError('route_not_found', { detail: 'This is no demo.' });
  }
}
