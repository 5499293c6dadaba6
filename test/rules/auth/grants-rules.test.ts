import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { Grants, type Membership } from '../../../src/auth/grants/grants.rules.js';

const membership = (change: Partial<Membership> = {}): Membership => ({
  organisationId: 'club',
  userId: 'ada',
  owner: false,
  permissions: [],
  events: null,
  ended: false,
  version: 1,
  ...change,
});

const grantsOf = (...memberships: Membership[]) => {
  const grants = new Grants();
  grants.learn(memberships);
  return grants;
};

describe('what members may do', () => {
  test('is what they were given, in that organisation alone', () => {
    const grants = grantsOf(
      membership({ permissions: ['door', 'people'] }),
      membership({ organisationId: 'hall', permissions: ['money'] }),
    );
    assert.ok(grants.can('ada', 'door', 'club') && grants.can('ada', 'people', 'club', 'gala'));
    assert.ok(!grants.can('ada', 'money', 'club') && grants.can('ada', 'money', 'hall'));
    assert.ok(!grants.can('ada', 'door', 'hall') && !grants.can('ada', 'door', 'elsewhere'));
    assert.ok(!grants.can('bob', 'door', 'club'));
    assert.ok(grants.anywhere('ada', 'money') && !grants.anywhere('ada', 'events'));
    assert.ok(!grants.anywhere('bob', 'money'));
    assert.deepEqual(grants.organisationsOf('ada'), ['club', 'hall']);
    assert.deepEqual(grants.organisationsOf('bob'), []);
  });

  test('is everything for owners', () => {
    const grants = grantsOf(membership({ owner: true }));
    assert.ok(grants.can('ada', 'members', 'club') && grants.owns('ada', 'club'));
    assert.ok(grants.anywhere('ada', 'box-office'));
    assert.ok(!grants.owns('ada', 'hall') && !grantsOf(membership()).owns('ada', 'club'));
    assert.deepEqual(grants.reach('ada', 'money'), { organisations: ['club'], events: [] });
  });

  test('may be for single events, and then not for the organisation as a whole', () => {
    const grants = grantsOf(membership({ permissions: ['door'], events: ['gala', 'ball'] }));
    assert.ok(grants.can('ada', 'door', 'club', 'gala'));
    assert.ok(!grants.can('ada', 'door', 'club', 'concert') && !grants.can('ada', 'door', 'club'));
    assert.ok(grants.belongs('ada', 'club') && grants.belongs('ada', 'club', 'ball'));
    assert.ok(!grants.belongs('ada', 'club', 'concert') && !grants.belongs('bob', 'club'));
    assert.deepEqual(grants.reach('ada', 'door'), { organisations: [], events: ['gala', 'ball'] });
    assert.deepEqual(grants.reach('ada', 'money'), { organisations: [], events: [] });
    assert.deepEqual(grants.reach('ada', undefined, 'hall'), { organisations: [], events: [] });
  });

  test('ends with the membership, and an answer that comes late does not bring it back', () => {
    const grants = grantsOf(membership({ owner: true, permissions: ['door'], version: 3 }));
    grants.learn([membership({ ended: true, version: 4 })]);
    grants.learn([membership({ owner: true, permissions: ['door'], version: 3 })]);
    assert.ok(
      !grants.can('ada', 'door', 'club') && !grants.belongs('ada', 'club') && !grants.owns('ada', 'club'),
    );
    assert.ok(!grants.anywhere('ada', 'door'));
    assert.deepEqual(grants.organisationsOf('ada'), []);
    assert.deepEqual(grants.reach('ada', undefined), { organisations: [], events: [] });
    grants.learn([membership({ permissions: ['door'], version: 5 })]);
    assert.ok(grants.can('ada', 'door', 'club') && !grants.owns('ada', 'club'));
  });
});
