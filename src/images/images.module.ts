import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImageEntity } from './image.entity.js';
import { ImageFileEntity } from './image-file.entity.js';
import { ImagesController } from './images.controller.js';
import { ImagesRepository } from './images.repository.js';
import { ImagesService } from './images.service.js';
import { ResizerService } from './resizer.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ImageEntity, ImageFileEntity])],
  controllers: [ImagesController],
  providers: [ImagesService, ImagesRepository, ResizerService],
  exports: [ImagesService],
})
export class ImagesModule {}
