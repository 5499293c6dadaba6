import fc from 'fast-check';
import { PasswordService } from '../../src/auth/tokens/password.service.js';
import { ERROR_CODES } from '../../src/platform/common/error-codes.js';
import { ACCESS, type Call, type Row } from './access-table.js';
import { AccessWorld } from './access-world.js';
import type { TestApp } from './app.js';
import type { Answer, Client, Json } from './client.js';
import {
  changedTables,
  type Fingerprint,
  mayBeWorkers,
  quietFingerprint,
  takeFingerprint,
} from './fingerprint.js';
import { plainHall } from './halls.js';
import { HOSTILE_ADDRESSES, HOSTILE_BODIES, HOSTILE_HEADERS, HOSTILE_JSON, RawJson } from './hostile.js';
import type { Person } from './people.js';

const WHO = ['nobody', 'buyer', 'organizer', 'admin'] as const;
type Who = (typeof WHO)[number];

export interface FuzzReport {
  readonly seed: number;
  readonly sent: number;
  /** Routes, pages among them, that were asked. */
  readonly routes: number;
  /** Refused requests that were said again between two looks at all tables. */
  readonly compared: number;
  /** How many answers of each class of statuses each kind of person got. */
  readonly answers: Readonly<Record<Who, Record<string, number>>>;
  /** One line for each thing that is wrong. */
  readonly wrong: readonly string[];
}

interface Operation {
  readonly route: string;
  readonly statuses: readonly string[];
  readonly query: readonly string[];
  readonly schema: Json;
  readonly example: Json;
}

/** One request, named so that it can be made again with other things. */
interface Shot {
  readonly route: string;
  readonly who: Who;
  readonly slot: number;
  readonly value: number;
  readonly random: unknown;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly headers: Record<string, string>;
}

/** A place of a request, and the request with that place taken by a hostile value. */
type Slot = (value: number, random: unknown) => Partial<Request> & { said: string };

/** Routes outside the OpenAPI document: pages, their files, and files for machines. `//` is the root. */
const PAGES = [
  '//events/{id}',
  '//bookings/{id}',
  '//bookings/{id}/checkout',
  '//embed/{id}',
  '//desk/{id}',
  '//assets/{id}',
  '//docs/{id}',
  '//docs/swagger-ui/{id}',
  '//redoc/{id}',
  '//{id}',
  '//openapi.json',
  '//asyncapi.json',
  '//metrics',
  '//dev/mail',
  '//dev/mail.json',
];
/** Answered before any route is looked for. */
const BEFORE_ROUTES = [
  'bad_request',
  'route_not_found',
  'url_too_long',
  'headers_too_large',
  'unsupported_media_type',
  'malformed_json',
  'body_too_large',
  'too_deep',
];
export const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const CHUNK = 250;
const LOOK_EVERY = 10;
const QUIET_MS = 600;
/** Tokens end after a quarter of an hour: before that everybody and everything is made anew. */
const WORLD_MS = 5 * 60_000;
const PASSWORD = 'a password of this test';

/**
 * Sends `count` requests, each a good one of `ACCESS` with one hostile place, to every route and page as everybody.
 * Then it says what was refused once more, with new things, while nothing else happens, and compares all tables.
 */
export class Fuzzer {
  private readonly answers = Object.fromEntries(WHO.map((who) => [who, {}])) as FuzzReport['answers'];
  private readonly wrong: string[] = [];
  private readonly asked = new Set<string>();
  private readonly calls = new Map<string, Call>();
  private readonly selves = new Map<Who, Person>();
  private sent = 0;
  /** How often something was made to ask about. */
  private made = 0;
  private compared = 0;

  private constructor(
    private readonly app: TestApp,
    private world: AccessWorld,
    private readonly operations: Map<string, Operation>,
    private readonly passwordHash: string,
  ) {}

  /** With an application that has no work of its own to do. */
  static async run(app: TestApp, count: number, seed: number, say = (_: string) => {}): Promise<FuzzReport> {
    const { body: document } = await app.client().get('//openapi.json');
    const hash = await app.nest.get(PasswordService).hash(PASSWORD);
    const fuzzer = new Fuzzer(app, await worldOf(app), operationsOf(document), hash);
    try {
      const routes = [...fuzzer.operations.keys(), ...PAGES.map((path) => `GET ${path}`)];
      const shots = fc.sample(shotOf(routes), { numRuns: count, seed });
      let renewed = Date.now();
      for (let at = 0; at < shots.length; at += CHUNK) {
        const known = fuzzer.wrong.length;
        await fuzzer.chunk(shots.slice(at, at + CHUNK));
        for (const line of fuzzer.wrong.slice(known)) say(`WRONG ${line}`);
        if ((at / CHUNK) % 8 === 7) say(`${fuzzer.sent} sent`);
        if (Date.now() - renewed < WORLD_MS) continue;
        await fuzzer.renew();
        renewed = Date.now();
      }
    } finally {
      fuzzer.world.close();
    }
    const { answers, wrong, asked, sent, compared } = fuzzer;
    return { seed, sent, routes: asked.size, compared, answers, wrong };
  }

  private async renew(): Promise<void> {
    this.world.close();
    this.world = await worldOf(this.app);
    this.calls.clear();
    this.selves.clear();
  }

  private async chunk(shots: Shot[]): Promise<void> {
    const refused: Shot[] = [];
    for (const shot of shots) {
      const answer = await this.fire(shot);
      if (answer && isRefusal(answer)) refused.push(shot);
    }
    let before: Fingerprint | undefined;
    for (let at = 0; at < refused.length; at += LOOK_EVERY) {
      const together = refused.slice(at, at + LOOK_EVERY);
      // The objects they are about are made before the look.
      const made = this.made;
      for (const shot of together) await Promise.all([this.requestOf(shot), this.clientOf(shot)]);
      if (!before || this.made > made) before = await quietFingerprint(this.app.db, QUIET_MS);
      let look = await this.sayAgain(together, before);
      // A worker hardly comes between twice; what the calls write, they write each time.
      if (look && mayBeWorkers(look.before, look.now))
        look = await this.sayAgain(together, await quietFingerprint(this.app.db, QUIET_MS));
      before = look?.now;
      if (!look) continue;
      this.compared += together.length;
      const changed = changedTables(look.before, look.now);
      if (changed.length > 0)
        this.wrong.push(
          `${changed} changed by one of ${together.map(({ route, who }) => `${who}: ${route}`)}`,
        );
    }
  }

  /** @returns all tables before and after these calls, if all of them were refused */
  private async sayAgain(shots: readonly Shot[], before: Fingerprint) {
    let allRefused = true;
    for (const shot of shots) {
      const answer = await this.fire(shot);
      allRefused &&= answer !== undefined && isRefusal(answer);
    }
    return allRefused ? { before, now: await takeFingerprint(this.app.db) } : undefined;
  }

  private async fire(shot: Shot): Promise<Answer | undefined> {
    const { said, ...request } = await this.requestOf(shot);
    const client = await this.clientOf(shot);
    this.sent++;
    this.asked.add(shot.route);
    let answer: Answer;
    try {
      answer = await client.send(request.method, request.path, request.body, request.headers);
    } catch (error) {
      this.wrong.push(`${shot.who} ${shot.route} ${said}: no answer, ${error}`);
      return undefined;
    }
    const kind = `${Math.floor(answer.status / 100)}xx`;
    const counts = this.answers[shot.who];
    counts[kind] = (counts[kind] ?? 0) + 1;
    const fault = this.faultOf(shot, answer);
    if (fault) this.wrong.push(`${shot.who} ${shot.route} ${said}: ${answer.status} ${fault}`);
    if (request.method !== 'GET' && answer.status < 300) {
      this.calls.delete(shot.route);
      if (ACCESS[shot.route] && ownerOf(shot.route) === 'self') this.selves.delete(shot.who);
    }
    return answer;
  }

  private faultOf({ route }: Shot, { status, body, headers }: Answer): string | undefined {
    const code = body?.code;
    // Another party that cannot be reached is no fault of ours.
    if (status >= 500 && code !== 'identity_provider_unavailable')
      return `${code} ${headers['x-correlation-id']}`;
    const operation = this.operations.get(route);
    if (!operation) return undefined;
    if (status >= 400 && !/^application\/problem\+json/.test(headers['content-type'] ?? ''))
      return 'is no problem';
    if (status >= 400 && !Object.hasOwn(ERROR_CODES, code)) return `has the unknown code ${code}`;
    if (operation.statuses.includes(String(status)) || BEFORE_ROUTES.includes(code) || status === 304)
      return undefined;
    return `${code} is not documented`;
  }

  private async requestOf(shot: Shot): Promise<Request & { said: string }> {
    const operation = this.operations.get(shot.route);
    let call = this.calls.get(shot.route);
    if (!call) {
      call = (operation && (await rowOf(shot.route)?.make?.(this.world))) ?? {};
      this.calls.set(shot.route, call);
      this.made++;
    }
    const [method, path] = shot.route.split(' ') as [string, string];
    const body = call.body ?? operation?.example;
    const params: Record<string, string> = { id: 'x', ...call.params };
    const base = { method, headers: call.headers ?? {}, body };
    const address = (changed: Record<string, string> = params, query = call.query ?? '') =>
      path.replace(/\{(\w+)\}/g, (_, name: string) => changed[name]!) + query;
    const slots = [
      ...pathSlots(path, params, address),
      ...querySlots(operation?.query ?? ['to', 'x'], call.query ?? '', (query) => address(params, query)),
      ...headerSlots(base.headers),
      ...(body === undefined ? [] : bodySlots(body, operation!.schema)),
    ];
    return { ...base, path: address(), ...slots[shot.slot % slots.length]!(shot.value, shot.random) };
  }

  private async clientOf({ who, route }: Shot): Promise<Client> {
    if (who === 'nobody') return this.app.client();
    const owner = ownerOf(route);
    if (owner === 'self') return (await this.self(who)).client;
    return (who === 'buyer' && owner === 'friend' ? this.world.friend : this.world[who]).client;
  }

  /** Somebody whose account may end, with a password that is known. */
  private async self(who: Exclude<Who, 'nobody'>): Promise<Person> {
    const known = this.selves.get(who);
    if (known) return known;
    const [person] = (await this.app.people(1, who === 'buyer' ? 'user' : who)) as [Person];
    const set = 'UPDATE app_user SET password_hash = $2 WHERE id = $1';
    await this.app.db.query(set, [person.id, this.passwordHash]);
    this.selves.set(who, person);
    this.made++;
    return person;
  }
}

const worldOf = (app: TestApp) => AccessWorld.open(app, plainHall(100, 100));

function shotOf(routes: string[]): fc.Arbitrary<Shot> {
  return fc.record({
    route: fc.constantFrom(...routes),
    who: fc.constantFrom(...WHO),
    slot: fc.nat(),
    value: fc.nat(),
    // Now and then something nobody has thought of.
    random: fc.oneof(
      { arbitrary: fc.constant(undefined), weight: 3 },
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
    ),
  });
}

/** Undone by its caller's fault. A declined payment is an outcome, and is kept. */
const isRefusal = ({ status }: Answer): boolean => status >= 400 && status !== 402;
const rowOf = (route: string): Row | undefined => [ACCESS[route] ?? []].flat()[0];
const ownerOf = (route: string) => rowOf(route)?.owner;
const pick = <T>(values: readonly T[], at: number): T => values[at % values.length]!;
const short = (value: unknown) => JSON.stringify(value instanceof RawJson ? value.text : value)?.slice(0, 80);

function pathSlots(
  path: string,
  params: Record<string, string>,
  address: (params: Record<string, string>) => string,
): Slot[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => (value) => {
    const hostile = pick(HOSTILE_ADDRESSES, value);
    return { path: address({ ...params, [name!]: hostile }), said: `path ${name} ${short(hostile)}` };
  });
}

function querySlots(names: readonly string[], query: string, address: (query: string) => string): Slot[] {
  return [...names, 'nobody-knows'].map((name) => (value) => {
    const hostile = pick(HOSTILE_ADDRESSES, value);
    const others = query
      .replace(/^\?/, '')
      .split('&')
      .filter((pair) => pair && !pair.startsWith(`${name}=`));
    const twice = value % 7 === 0 ? [`${name}=1`] : [];
    const said = `query ${name} ${short(hostile)}`;
    return { path: address(`?${[...others, ...twice, `${name}=${hostile}`].join('&')}`), said };
  });
}

function headerSlots(given: Record<string, string>): Slot[] {
  return Object.entries(HOSTILE_HEADERS).map(([name, values]) => (value) => {
    const hostile = pick(values, value);
    return { headers: { ...given, [name]: hostile }, said: `header ${name} ${short(hostile)}` };
  });
}

function bodySlots(body: Json, schema: Json): Slot[] {
  const whole: Slot = (value) => {
    const spoiled = pick(HOSTILE_BODIES, value)(JSON.stringify(body));
    return { body: spoiled, said: `whole body ${short(spoiled.toString())}` };
  };
  const places = placesOf(body, schema).map(
    (place): Slot =>
      (value, random) => {
        const hostile = random === undefined ? pick(HOSTILE_JSON, value) : random;
        return {
          body: written(put(body, place, hostile)),
          said: `body ${place.join('.')} ${short(hostile)}`,
        };
      },
  );
  // The places are what matters, so they are had more often than headers.
  return [whole, whole, ...places, ...places, ...places];
}

/** All places of a body, those that are optional and absent among them. */
function placesOf(body: Json, schema: Json): string[][] {
  const found = new Map<string, string[]>();
  const walk = (value: Json, known: Json, place: string[]): void => {
    if (place.length > 8 || found.size > 80) return;
    found.set(place.join('.'), place);
    for (const one of [known, ...['anyOf', 'oneOf', 'allOf'].flatMap((name) => known?.[name] ?? [])]) {
      const names = new Set([
        ...Object.keys(one?.properties ?? {}),
        ...Object.keys(isRecord(value) ? value : {}),
      ]);
      for (const name of names) walk(value?.[name], one?.properties?.[name], [...place, name]);
      if (Array.isArray(value) || one?.items) walk(value?.[0], one?.items, [...place, '0']);
    }
  };
  walk(body, schema, []);
  return [...found.values()];
}

const isRecord = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function put(body: Json, [name, ...rest]: string[], value: unknown): Json {
  if (name === undefined) return value;
  const below = put(body?.[name], rest, value);
  if (Array.isArray(body)) return Object.assign([...body], { [Number(name) || 0]: below });
  return isRecord(body) || name !== '0' ? { ...body, [name]: below } : [below];
}

const written = (body: unknown): string =>
  (
    JSON.stringify(body, (_, value) =>
      value instanceof RawJson ? `@raw ${Buffer.from(value.text).toString('hex')}@` : value,
    ) ?? 'null'
  ).replace(/"@raw ([\da-f]+)@"/g, (_, hex: string) => Buffer.from(hex, 'hex').toString());

function operationsOf(document: Json): Map<string, Operation> {
  const resolve = (node: Json, depth = 0): Json => {
    if (node?.$ref) return resolve(document.components.schemas[node.$ref.split('/').at(-1)], depth);
    if (!isRecord(node) || depth > 8) return node;
    return Object.fromEntries(
      Object.entries<Json>(node).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map((one) => resolve(one, depth + 1)) : resolve(value, depth + 1),
      ]),
    );
  };
  return new Map(
    Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method): [string, Operation] => {
        const route = `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;
        const { responses, parameters = [], requestBody } = item[method];
        const schema = resolve(requestBody?.content['application/json']?.schema);
        return [
          route,
          {
            route,
            statuses: Object.keys(responses),
            query: parameters.filter((one: Json) => one.in === 'query').map(({ name }: Json) => name),
            schema,
            example: schema?.example,
          },
        ];
      }),
    ),
  );
}
