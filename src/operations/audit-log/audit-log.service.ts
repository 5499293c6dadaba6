import { Injectable } from '@nestjs/common';
import { GrantsService } from '../../auth/grants/grants.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { readPageById } from '../../platform/common/pages.js';
import type { ActPage, ActQuery, OrganisationActQuery } from './acts.schemas.js';
import { AuditLogRepository } from './audit-log.repository.js';

/** The access log as administrators read it, with names of people and objects. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly acts: AuditLogRepository,
    private readonly grants: GrantsService,
  ) {}

  /** Acts on what is an organisation's, for members who see to the members. Errors: `not_found`, `permission_missing`, `invalid_cursor`. */
  async ofOrganisation(user: Principal, id: string, query: OrganisationActQuery): Promise<ActPage> {
    this.grants.require(user, 'members', { organisationId: id }, 'There is no such organisation of yours.');
    const filter = { ...query, organisationId: id };
    return readPageById(query, (count, before) => this.acts.page(filter, count, before));
  }

  /** Newest first. Errors: `invalid_cursor`. */
  list(query: ActQuery): Promise<ActPage> {
    return readPageById(query, (count, before) => this.acts.page(query, count, before));
  }
}
