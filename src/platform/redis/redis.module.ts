import { Global, Module } from '@nestjs/common';
import { LocksService } from './locks.service.js';
import { RedisService } from './redis.service.js';

@Global()
@Module({ providers: [RedisService, LocksService], exports: [RedisService, LocksService] })
export class RedisModule {}
