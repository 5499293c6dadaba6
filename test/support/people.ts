import type pg from 'pg';
import type { TokenService } from '../../src/auth/tokens/token.service.js';
import type { Role } from '../../src/platform/access/principal.js';
import { newId } from '../../src/platform/common/ids.js';
import type { Client } from './client.js';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly sessionId: string;
  /** Access token, as after a login. */
  readonly token: string;
  readonly client: Client;
}

/** As many as asked for: up to 99 a tuple, so that a test can name them all. */
export type People<N extends number> = number extends N
  ? Person[]
  : `${N}` extends `${infer _A}${infer _B}${infer _C}${infer _D}`
    ? Person[]
    : Tuple<N>;
type Tuple<N extends number, Found extends Person[] = []> = Found['length'] extends N
  ? Found
  : Tuple<N, [...Found, Person]>;

/** Accounts with an open session each, without the cost of hashing passwords: they cannot log in. */
export async function makePeople<const N extends number>(
  count: N,
  role: Role,
  db: pg.Pool,
  tokens: TokenService,
  clientOf: (token: string) => Client,
): Promise<People<N>> {
  const people = Array.from({ length: count }, () => {
    const id = newId();
    const sessionId = newId();
    const token = tokens.sign({ id, role, sessionId, locale: 'en' });
    return { id, email: `${role}-${id}@example.org`, sessionId, token, client: clientOf(token) };
  });
  await db.query(
    `WITH person AS (
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS p(id, email, session_id)
     ), account AS (
       INSERT INTO app_user (id, email, name, password_hash, role, email_verified_at)
       SELECT id, email, 'Person ' || left(id::text, 8), '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', $4, clock_timestamp() FROM person
       RETURNING id
     )
     INSERT INTO session (id, user_id) SELECT session_id, id FROM person JOIN account USING (id)`,
    [people.map((p) => p.id), people.map((p) => p.email), people.map((p) => p.sessionId), role],
  );
  return people as People<N>;
}
