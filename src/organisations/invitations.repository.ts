import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { past, toCome } from '../platform/database/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { InvitationEntity } from './invitation.entity.js';

/** Invitations that are neither accepted nor withdrawn. */
@Injectable()
export class InvitationsRepository {
  constructor(
    @InjectRepository(InvitationEntity) private readonly invitations: Repository<InvitationEntity>,
  ) {}

  /** Newest first, over ones included. */
  ofOrganisation(organisationId: string): Promise<InvitationEntity[]> {
    return this.invitations.find({ where: { organisationId }, order: { id: 'DESC' } });
  }

  find(id: string): Promise<InvitationEntity | null> {
    return this.invitations.findOneBy({ id, expiresAt: toCome() });
  }

  byToken(tokenHash: Buffer): Promise<InvitationEntity | null> {
    return this.invitations.findOneBy({ tokenHash, expiresAt: toCome() });
  }

  /** One for each address: a new one takes the place of the one before, whose link ends. */
  async put(
    tx: Tx,
    row: Pick<
      InvitationEntity,
      'id' | 'organisationId' | 'email' | 'permissions' | 'events' | 'invitedBy' | 'expiresAt'
    >,
  ): Promise<InvitationEntity> {
    const { organisationId, email } = row;
    await tx.query('DELETE FROM invitation WHERE organisation_id = $1 AND lower(email) = lower($2)', [
      organisationId,
      email,
    ]);
    await tx.insert(InvitationEntity, row);
    return tx.findOneByOrFail(InvitationEntity, { id: row.id });
  }

  async setToken(id: string, tokenHash: Buffer): Promise<void> {
    await this.invitations.update({ id }, { tokenHash });
  }

  /** Takes an invitation away. @returns false when it was gone, so that a link works once */
  async take(tx: Tx, organisationId: string, id: string): Promise<boolean> {
    return (await tx.delete(InvitationEntity, { id, organisationId })).affected === 1;
  }

  /** Forgets addresses of invitations that nobody can accept any more. */
  async purge(): Promise<void> {
    await this.invitations.delete({ expiresAt: past() });
  }
}
