import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { isLoopback } from '../common/network.rules.js';
import { CONFIG, type Config } from '../config/config.js';

/**
 * Mails hold links that reset passwords. Unless `EVENTLY_DEV_MAIL=everyone` opens them to whoever reaches this process, they are
 * shown on this machine only: the connection comes from it, and the browser asked for it by a name that means it. The name keeps
 * out a foreign page whose own name was made to point here, and whoever is behind a proxy on this machine.
 */
@Injectable()
export class DevMailGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.config.mail.devReaders === 'everyone') return true;
    const { raw, hostname, ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const { remoteAddress } = raw.socket;
    if (remoteAddress && [remoteAddress, ip, hostname].every(isLoopback)) return true;
    const detail =
      'Mails are shown on the machine itself only. EVENTLY_DEV_MAIL=everyone shows them, with the links in them that reset passwords, to everybody who reaches this address.';
    throw new DomainError('forbidden', { detail });
  }
}
