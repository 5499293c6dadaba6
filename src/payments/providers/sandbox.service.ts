import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { SandboxProviderService } from './sandbox-provider.service.js';

/** The second step of a sandbox payment, which a bank's window would be with a real one. */
@Injectable()
export class SandboxService {
  constructor(
    private readonly sandbox: SandboxProviderService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Errors: `not_found` when no charge waits under the reference, and in production always, but for a sandbox event.
   */
  async answer(ref: string, approved: boolean): Promise<void> {
    const open = this.config.env !== 'production' || (await this.sandbox.isOfSandboxEvent(ref));
    const known = open && (await this.sandbox.answer(ref, approved));
    if (!known)
      throw new DomainError('not_found', { detail: 'No payment waits for an answer under this reference.' });
  }
}
