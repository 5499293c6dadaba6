import { Injectable } from '@nestjs/common';
import { type Named, UsersRepository } from './users.repository.js';

/** Matches of a search for people that are looked at; whoever finds more has searched for too little. */
const MOST_FOUND = 200;

/** Names and addresses of people for pages of administrators; those of an erased person are gone. */
@Injectable()
export class PeopleService {
  constructor(private readonly users: UsersRepository) {}

  /** By id, without those who were erased. */
  async named(ids: readonly string[]): Promise<Map<string, Named>> {
    const found = ids.length > 0 ? await this.users.named([...new Set(ids)]) : [];
    return new Map(found.map((person) => [person.id, person]));
  }

  /** Ids of the newest accounts whose address contains this, 200 at most. */
  byEmail(part: string): Promise<string[]> {
    return this.users.idsByEmail(part, MOST_FOUND);
  }
}
