import { hash, verify } from '@node-rs/argon2';
import { serveParent } from '../test/support/child.js';

// As the application hashes.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CAP = 2;
const PASSWORD = 'correct horse battery staple';
const known = await hash(PASSWORD, COST);

/** Verifies for so many seconds, at most two at once. @returns verifications a second */
async function loop(seconds: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: CAP }, async () => {
      while (performance.now() < began + seconds * 1000) {
        await verify(known, PASSWORD);
        done++;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
}

serveParent<number>({}, { loop });
