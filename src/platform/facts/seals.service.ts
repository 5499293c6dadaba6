import { Injectable, Logger } from '@nestjs/common';
import { type SealHead, SealsRepository } from './seals.repository.js';

// One call is one transaction: half a second.
const SEAL_BATCH_FACTS = 20_000;

export interface SealReport {
  /** How many facts the seals cover. */
  readonly sealed: number;
  /** One line each; empty when everything is as it was written. */
  readonly problems: string[];
  /** Undefined before the first seal. */
  readonly head: SealHead | undefined;
}

/** Makes it evident when facts were changed, removed or slipped in behind the application's back. */
@Injectable()
export class SealsService {
  private readonly log = new Logger(SealsService.name);

  constructor(private readonly seals: SealsRepository) {}

  /** Seals all facts committed so far. The log is one place outside the database where the head is kept. */
  async seal(): Promise<void> {
    let total = 0;
    for (let sealed = SEAL_BATCH_FACTS; sealed === SEAL_BATCH_FACTS; total += sealed)
      sealed = await this.seals.seal(SEAL_BATCH_FACTS);
    if (total > 0) this.log.log({ facts: total, head: await this.seals.head() }, 'Facts are sealed');
  }

  /** @param knownHead hash of a head that was kept elsewhere: without it, a chain that was made anew is not noticed */
  async verify(knownHead?: string): Promise<SealReport> {
    const { seals, facts, sealed } = await this.seals.verify();
    const problems = [
      ...seals.map(({ no, problem }) => `seal ${no}: ${problem}`),
      ...facts.map(({ pos, problem, seal, fact }) =>
        [`fact at ${pos} ${DESCRIBED[problem]}`, fact, seal && `seal ${seal}`].filter(Boolean).join(', '),
      ),
    ];
    if (knownHead !== undefined && (await this.seals.find(knownHead)) === undefined)
      problems.push(`no seal has the hash ${knownHead} that was kept: the chain is another one`);
    return { sealed, problems, head: await this.seals.head() };
  }
}

const DESCRIBED = { changed: 'was changed', missing: 'is missing', inserted: 'is in no seal' };
