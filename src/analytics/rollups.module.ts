import { Module } from '@nestjs/common';
import { RollupsRepository } from './rollups.repository.js';
import { RollupsService } from './rollups.service.js';

/** The rollups without their readers, so that a command can rebuild them. */
@Module({ providers: [RollupsService, RollupsRepository], exports: [RollupsService] })
export class RollupsModule {}
