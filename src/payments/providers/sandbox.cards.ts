/** Behaviour of the sandbox for a card. */
export type Behaviour =
  | 'succeed'
  | 'decline'
  | 'no_funds'
  | 'second_step'
  | 'silent'
  | 'late'
  | 'twice'
  | 'flaky'
  | 'no_capture'
  | 'late_capture'
  | 'no_refund'
  | 'late_refund'
  | 'unknown_card';

const CARDS: Record<string, [Behaviour, string]> = {
  '4242424242424242': ['succeed', 'succeeds'],
  '4000000000000002': ['decline', 'is declined'],
  '4000000000009995': ['no_funds', 'is declined for lack of money'],
  '4000002500003155': ['second_step', 'needs a second step: a POST to `nextAction.url`'],
  '4000000000000408': ['silent', 'times out: no answer, and no charge'],
  '4000000000000416': ['late', 'times out, but is charged: the answer comes too late'],
  '4000000000000226': [
    'twice',
    'succeeds, and every news of it is told twice, the first time before the answer',
  ],
  '4000000000000515': ['flaky', 'succeeds after two failed calls'],
  '4000000000000507': ['no_refund', 'succeeds, but its refund is refused'],
  '4000000000000523': ['late_refund', 'succeeds; its refund times out, though it is made'],
  '4000000000000606': ['no_capture', 'is authorized, but the money cannot be captured'],
  '4000000000000614': ['late_capture', 'is authorized; capturing times out, though it is done'],
};

export const behaviourOf = (card: string): Behaviour => CARDS[card]?.[0] ?? 'unknown_card';

/** For the documentation: a list in Markdown. */
export const CARD_LIST = Object.entries(CARDS)
  .map(([number, [, text]]) => `- \`${number}\` ${text}`)
  .concat('- any other number is declined')
  .join('\n');
