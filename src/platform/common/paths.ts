import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** Folder of the project. Files are found from it, because the code runs file by file and as a bundle, in other folders. */
export const ROOT = dirname(findPackageJSON(import.meta.url)!);
/** Where scripts/build.mjs puts what it makes. */
export const DIST = join(ROOT, 'dist');
