import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SagaEntity } from './saga.entity.js';
import { SagaJobs } from './saga.jobs.js';
import { SagaOperationsService } from './saga-operations.service.js';
import { SagaRunnerService } from './saga-runner.service.js';
import { SagaStepEntity } from './saga-step.entity.js';
import { SagaWorkerService } from './saga-worker.service.js';
import { SagasController } from './sagas.controller.js';
import { SagasRepository } from './sagas.repository.js';
import { SagasService } from './sagas.service.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([SagaEntity, SagaStepEntity])],
  controllers: [SagasController],
  providers: [
    SagaJobs,
    SagasRepository,
    SagaRunnerService,
    SagaWorkerService,
    SagasService,
    SagaOperationsService,
  ],
  exports: [SagasService, SagaOperationsService],
})
export class SagaModule {}
