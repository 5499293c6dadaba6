import { z } from 'zod';

export { CARD_LIST } from './sandbox.cards.js';

export const sandboxRef = z.string().regex(/^sb_[0-9a-f-]{36}$/);
export const sandboxAnswer = z
  .strictObject({ approve: z.boolean().default(true).describe('false: the buyer gives up, or fails') })
  .meta({ id: 'SandboxAnswer', example: { approve: true } });
export type SandboxAnswer = z.infer<typeof sandboxAnswer>;
