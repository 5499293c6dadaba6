import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { runCell } from '../../../drill/matrix.js';
import { Stage } from '../../../drill/stage.js';
import { placesOf, STORIES } from '../../../drill/stories.js';

/** The short form of `npm run drill`: the process is killed once at every step. */
describe('a process killed in a saga', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.build();
  });

  afterAll(() => stage.close());

  // Before and after in turns, from story to story, and each place once, however many come by it; the drill does all.
  const struck = new Set<string>();
  for (const [turn, story] of STORIES.entries())
    for (const [index, place] of placesOf(story).entries()) {
      const name = `${place.when} ${place.undo ? 'undoing ' : ''}${place.step}`;
      if (index % 4 !== (turn % 2 === 0 ? 0 : 3) || struck.has(`${place.kind} ${name}`)) continue;
      struck.add(`${place.kind} ${name}`);
      test(`${story.name}: ${name}`, async () => {
        const { end, problem } = await runCell(stage, story, { ...place, fault: 'kill' });
        assert.equal(end, 'ok', problem);
      });
    }
});
