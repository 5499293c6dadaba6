import { DataSource } from 'typeorm';
import { dataSourceOptions } from './src/platform/database/data-source.js';

/** For the TypeORM command line: `npx typeorm -d dist/ormconfig.js migration:show`. */
export default new DataSource({
  ...dataSourceOptions(process.env.DATABASE_URL ?? ''),
  entities: ['dist/src/**/*.entity.js'],
});
