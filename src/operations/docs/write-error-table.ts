import { writeFileSync } from 'node:fs';
import { errorTableMarkdown } from './error-table.js';

writeFileSync('docs/ERRORS.md', errorTableMarkdown());
