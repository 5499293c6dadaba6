import 'reflect-metadata';
import { createApp } from './app.js';
import { loadConfig } from './config/config.js';
import { migrate } from './database/migrate.js';

const config = loadConfig(process.env);
await migrate(config.databaseUrl!);
const app = await createApp(config);
await app.listen(config.port, config.host);
console.log(`Evently listens on http://${config.host}:${config.port}`);
