import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DEMO_ACCOUNTS, demoPassword } from './accounts.js';
import type { DemoLogins } from './demo.schemas.js';

/** The accounts of the demo, for its page to log in. */
@Injectable()
export class DemoLoginsService {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  logins(): DemoLogins {
    return { logins: DEMO_ACCOUNTS, password: demoPassword(this.config.auth.jwtSecret) };
  }
}
