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
  demands: false,
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
    assert.ok(
      grants.can({ id: 'ada' }, 'door', 'club') && grants.can({ id: 'ada' }, 'people', 'club', 'gala'),
    );
    assert.ok(!grants.can({ id: 'ada' }, 'money', 'club') && grants.can({ id: 'ada' }, 'money', 'hall'));
    assert.ok(!grants.can({ id: 'ada' }, 'door', 'hall') && !grants.can({ id: 'ada' }, 'door', 'elsewhere'));
    assert.ok(!grants.can({ id: 'bob' }, 'door', 'club'));
    assert.ok(grants.anywhere({ id: 'ada' }, 'money') && !grants.anywhere({ id: 'ada' }, 'events'));
    assert.ok(!grants.anywhere({ id: 'bob' }, 'money'));
    assert.deepEqual(grants.organisationsOf('ada'), ['club', 'hall']);
    assert.deepEqual(grants.organisationsOf('bob'), []);
  });

  test('is nothing until they log in with a second factor, where the organisation demands one', () => {
    const grants = grantsOf(
      membership({ permissions: ['door'], demands: true }),
      membership({ organisationId: 'hall', owner: true, demands: true }),
      membership({ organisationId: 'bar', permissions: ['door'] }),
    );
    const weak = { id: 'ada' };
    const strong = { id: 'ada', strong: true as const };
    assert.ok(!grants.can(weak, 'door', 'club') && grants.can(strong, 'door', 'club'));
    assert.ok(!grants.owns(weak, 'hall') && grants.owns(strong, 'hall'));
    assert.ok(!grants.anywhere(weak, 'money') && grants.anywhere(strong, 'money'));
    assert.ok(grants.can(weak, 'door', 'bar') && grants.anywhere(weak, 'door'));
    assert.deepEqual(grants.reach(weak, 'door').organisations, ['bar']);
    assert.deepEqual(grants.reach(strong, 'door').organisations, ['club', 'hall', 'bar']);
    assert.ok(grants.belongs('ada', 'club'), 'they still belong to it');
    assert.deepEqual(grants.reach(weak, undefined).organisations, ['club', 'hall', 'bar']);
  });

  test('is everything for owners', () => {
    const grants = grantsOf(membership({ owner: true }));
    assert.ok(grants.can({ id: 'ada' }, 'members', 'club') && grants.owns({ id: 'ada' }, 'club'));
    assert.ok(grants.anywhere({ id: 'ada' }, 'box-office'));
    assert.ok(!grants.owns({ id: 'ada' }, 'hall') && !grantsOf(membership()).owns({ id: 'ada' }, 'club'));
    assert.deepEqual(grants.reach({ id: 'ada' }, 'money'), { organisations: ['club'], events: [] });
  });

  test('may be for single events, and then not for the organisation as a whole', () => {
    const grants = grantsOf(membership({ permissions: ['door'], events: ['gala', 'ball'] }));
    assert.ok(grants.can({ id: 'ada' }, 'door', 'club', 'gala'));
    assert.ok(
      !grants.can({ id: 'ada' }, 'door', 'club', 'concert') && !grants.can({ id: 'ada' }, 'door', 'club'),
    );
    assert.ok(grants.belongs('ada', 'club') && grants.belongs('ada', 'club', 'ball'));
    assert.ok(!grants.belongs('ada', 'club', 'concert') && !grants.belongs('bob', 'club'));
    assert.deepEqual(grants.reach({ id: 'ada' }, 'door'), { organisations: [], events: ['gala', 'ball'] });
    assert.deepEqual(grants.reach({ id: 'ada' }, 'money'), { organisations: [], events: [] });
    assert.deepEqual(grants.reach({ id: 'ada' }, undefined, 'hall'), { organisations: [], events: [] });
  });

  test('ends with the membership, and an answer that comes late does not bring it back', () => {
    const grants = grantsOf(membership({ owner: true, permissions: ['door'], version: 3 }));
    grants.learn([membership({ ended: true, version: 4 })]);
    grants.learn([membership({ owner: true, permissions: ['door'], version: 3 })]);
    assert.ok(
      !grants.can({ id: 'ada' }, 'door', 'club') &&
        !grants.belongs('ada', 'club') &&
        !grants.owns({ id: 'ada' }, 'club'),
    );
    assert.ok(!grants.anywhere({ id: 'ada' }, 'door'));
    assert.deepEqual(grants.organisationsOf('ada'), []);
    assert.deepEqual(grants.reach({ id: 'ada' }, undefined), { organisations: [], events: [] });
    grants.learn([membership({ permissions: ['door'], version: 5 })]);
    assert.ok(grants.can({ id: 'ada' }, 'door', 'club') && !grants.owns({ id: 'ada' }, 'club'));
  });

  test('is news once, however often it is read', () => {
    const grants = grantsOf(membership({ version: 2 }));
    const later = membership({ permissions: ['door'], version: 3 });
    assert.deepEqual(grants.learn([membership({ version: 1 }), membership({ version: 2 })]), []);
    assert.deepEqual(grants.learn([later, membership({ version: 2 })]), [later]);
    assert.deepEqual(grants.learn([later]), []);
    const other = membership({ userId: 'bob', ended: true });
    assert.deepEqual(grants.learn([later, other]), [other]);
  });
});
