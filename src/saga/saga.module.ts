import { Global, Module } from '@nestjs/common';
import { SagaJobs } from './saga.jobs.js';
import { SagaOperations } from './saga-operations.service.js';
import { SagaRunner } from './saga-runner.service.js';
import { SagaWorker } from './saga-worker.service.js';
import { SagasController } from './sagas.controller.js';
import { SagasRepository } from './sagas.repository.js';
import { Sagas } from './sagas.service.js';

@Global()
@Module({
  controllers: [SagasController],
  providers: [SagaJobs, SagasRepository, SagaRunner, SagaWorker, Sagas, SagaOperations],
  exports: [Sagas],
})
export class SagaModule {}
