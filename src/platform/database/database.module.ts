import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../config/config.js';
import { dataSourceOptions } from './data-source.js';
import { DatabaseService } from './database.service.js';
import { IdempotencyService } from './idempotency.service.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        ...dataSourceOptions(config.database.url, config.database.connections),
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
    }),
    TypeOrmModule.forFeature([IdempotencyKeyEntity]),
  ],
  providers: [DatabaseService, IdempotencyService],
  exports: [DatabaseService, IdempotencyService],
})
export class DatabaseModule {}
