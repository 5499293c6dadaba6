import { Module } from '@nestjs/common';
import { RollupsRepository } from './rollups.repository.js';
import { Rollups } from './rollups.service.js';

/** Apart from what reads them, so that a command can make them anew. */
@Module({ providers: [Rollups, RollupsRepository], exports: [Rollups] })
export class RollupsModule {}
