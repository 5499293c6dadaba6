import { Injectable, type OnModuleInit } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import { LiveSessionsService } from './live-sessions.service.js';

/** Tells people that their rights in an organisation have changed, on each replica as soon as it knows. */
@Injectable()
export class LiveRightsService implements OnModuleInit {
  constructor(
    private readonly grants: GrantsService,
    private readonly sessions: LiveSessionsService,
  ) {}

  onModuleInit(): void {
    this.grants.onChanged(({ userId, organisationId }) => {
      if (this.sessions.someoneIsHere) this.sessions.tell(userId, 'rights.changed', { organisationId });
    });
  }
}
