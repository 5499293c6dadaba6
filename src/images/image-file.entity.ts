import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ImageType } from './images.schemas.js';

/** A picture in one size. */
@Entity('image_file')
export class ImageFileEntity {
  @PrimaryColumn('text')
  hash!: string;

  @PrimaryColumn('text')
  type!: ImageType;

  @PrimaryColumn('int')
  width!: number;

  @Column('int')
  height!: number;

  @Column('bytea')
  bytes!: Buffer;
}
