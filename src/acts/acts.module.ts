import { Module } from '@nestjs/common';
import { ActsController } from './acts.controller.js';
import { ActsRepository } from './acts.repository.js';
import { Acts } from './acts.service.js';

@Module({ controllers: [ActsController], providers: [Acts, ActsRepository], exports: [Acts] })
export class ActsModule {}
