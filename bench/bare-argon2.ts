import { hash, verify } from '@node-rs/argon2';
import { HASH_THREADS } from '../src/auth/tokens/password.service.js';
import { serveParent } from '../test/support/child.js';

// As the application hashes.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PASSWORD = 'correct horse battery staple';
const known = await hash(PASSWORD, COST);

/** Verifies for so many seconds, as many at once as the application. @returns verifications a second */
async function loop(seconds: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: HASH_THREADS }, async () => {
      while (performance.now() < began + seconds * 1000) {
        await verify(known, PASSWORD);
        done++;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
}

serveParent<number>({}, { loop });
