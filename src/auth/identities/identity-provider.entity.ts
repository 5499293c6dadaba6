import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { VersionedEntity } from '../../platform/database/versioned.entity.js';

/** Another provider at which people log in: OpenID Connect. */
@Entity('identity_provider')
@Unique('identity_provider_issuer', ['organisationId', 'issuer'])
export class IdentityProviderEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Null: of the whole installation. */
  @Column('uuid', { nullable: true })
  organisationId!: string | null;

  @Column('text')
  name!: string;

  /** Never changes: people are linked by it. */
  @Column('text')
  issuer!: string;

  @Column('text')
  clientId!: string;

  /** Sent to the provider, so it is kept as it is. Null: a public client, which PKCE protects alone. */
  @Column('text', { nullable: true })
  clientSecret!: string | null;

  @Column('boolean', { default: true })
  enabled!: boolean;
}
