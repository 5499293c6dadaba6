import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, type FieldError } from './domain-error.js';
import type { ErrorCode } from './error-codes.js';
import { issueText, MISSING } from './issue-texts.js';

/**
 * Validates and coerces every argument that was declared with a zod schema: `@Body({ schema })`.
 * Malformed input (wrong type, unknown or missing field) is 400, a value outside of what is allowed is 422.
 */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    const parsed = schema.safeParse(type === 'body' && value === undefined ? {} : value, {
      error: issueText,
    });
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.toSorted((a, b) => rank(a) - rank(b));
    const errors = issues.flatMap(fieldErrors).slice(0, 100);
    throw new DomainError(codeFor(type, issues[0]!), {
      detail: errors[0]?.path ? `${errors[0].path}: ${errors[0].message}` : errors[0]?.message,
      errors,
    });
  }
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key].join('.'),
    message: 'is not a field of this request',
  }));
}

/** The worst first: it gives the code and the detail. */
const CODES = ['unknown_field', 'wrong_type', 'missing_field', 'validation_failed'] as const;

function codeFor(type: ArgumentMetadata['type'], worst: z.core.$ZodIssue): ErrorCode {
  if (type === 'param') return 'invalid_parameter';
  return type === 'query' ? 'invalid_query' : bodyCode(worst);
}

function bodyCode(issue: z.core.$ZodIssue): (typeof CODES)[number] {
  if (issue.code === 'unrecognized_keys') return 'unknown_field';
  if (issue.code !== 'invalid_type') return 'validation_failed';
  return issue.message === MISSING ? 'missing_field' : 'wrong_type';
}

const rank = (issue: z.core.$ZodIssue): number => CODES.indexOf(bodyCode(issue));
