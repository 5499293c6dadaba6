import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminHouseController } from './admin-house.controller.js';
import { HouseController } from './house.controller.js';
import { HouseEntity, OrganisationHouseEntity } from './house.entity.js';
import { HouseRepository } from './house.repository.js';
import { HouseService } from './house.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([HouseEntity, OrganisationHouseEntity])],
  controllers: [HouseController, AdminHouseController],
  providers: [HouseService, HouseRepository],
  exports: [HouseService],
})
export class HouseModule {}
