import { z } from 'zod';
import { DomainError } from '../../platform/common/domain-error.js';
import { ERROR_CODES, type ErrorCode } from '../../platform/common/error-codes.js';

const example = {
  ...new DomainError('validation_failed').toProblem(),
  detail: 'capacity: must be at least 1',
  errors: [{ path: 'capacity', message: 'must be at least 1' }],
  instance: '/api/v1/venues',
  correlationId: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47',
};

/** Body of every error response. */
export const problem = z
  .looseObject({
    type: z.string().describe('Where the code is explained'),
    title: z.string(),
    status: z.int(),
    code: z
      .enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]])
      .describe('Stable name of the rule that was broken'),
    detail: z.string().optional().describe('Explanation of this occurrence, and what to do about it'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Faults by field'),
    instance: z.string(),
    correlationId: z.string().describe('Also in the logs; quote it when you report an error'),
  })
  .describe('RFC 9457 problem document; some codes add members of their own, e.g. `conflicts`')
  .meta({ id: 'Problem', example });
