import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChallengesService } from './challenges.service.js';
import { PasskeyEntity } from './passkey.entity.js';
import { PasskeyProofsService } from './passkey-proofs.service.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { PasskeysService } from './passkeys.service.js';

/** Passkeys of accounts. */
@Module({
  imports: [TypeOrmModule.forFeature([PasskeyEntity])],
  providers: [PasskeysService, PasskeyProofsService, ChallengesService, PasskeysRepository],
  exports: [PasskeysService, PasskeyProofsService, PasskeysRepository],
})
export class PasskeysModule {}
