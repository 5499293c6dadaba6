import { Injectable } from '@nestjs/common';
import { readPageById } from '../../platform/common/pages.js';
import type { ActPage, ActQuery } from './acts.schemas.js';
import { AuditLogRepository } from './audit-log.repository.js';

/** The access log as administrators read it, with names of people and objects. */
@Injectable()
export class AuditLogService {
  constructor(private readonly acts: AuditLogRepository) {}

  /** Newest first. Errors: `invalid_cursor`. */
  list(query: ActQuery): Promise<ActPage> {
    return readPageById(query, (count, before) => this.acts.page(query, count, before));
  }
}
