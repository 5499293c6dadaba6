import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, type FieldError } from '../common/domain-error.js';
import type { ErrorCode } from '../common/error-codes.js';
import { issueText, MISSING } from '../common/issue-texts.js';
import { brokenTexts } from '../common/text.rules.js';

/**
 * Validates and coerces every argument that was declared with a zod schema: `@Body({ schema })`.
 * Malformed input (wrong type, unknown or missing field) is 400, a value outside of what is allowed is 422. Text that
 * is no Unicode is refused here for all schemas, so that none can forget it.
 */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data: name }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    const broken = brokenTexts(value, name);
    if (broken.length > 0) throw refusal(type, 'validation_failed', broken);
    const parsed = schema.safeParse(type === 'body' && value === undefined ? {} : value, {
      error: issueText,
    });
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.toSorted((a, b) => rank(a) - rank(b));
    const errors = issues.flatMap((issue) => fieldErrors(issue, name)).slice(0, 100);
    throw refusal(type, bodyCode(issues[0]!), errors);
  }
}

function refusal(type: ArgumentMetadata['type'], code: ErrorCode, errors: FieldError[]): DomainError {
  const [first] = errors;
  const detail = first?.path ? `${first.path}: ${first.message}` : first?.message;
  return new DomainError(CODE_BY_PLACE[type] ?? code, { detail, errors });
}

/** @param name of the argument, where it is one parameter of the path */
function fieldErrors(issue: z.core.$ZodIssue, name: string | undefined): FieldError[] {
  const path = name === undefined ? issue.path : [name, ...issue.path];
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...path, key].join('.'),
    message: 'is not a field of this request',
  }));
}

/** Codes by severity, the worst first: it gives the code and the detail of the error. */
const CODES = ['unknown_field', 'wrong_type', 'missing_field', 'validation_failed'] as const;

/** Code for each place outside of bodies. */
const CODE_BY_PLACE: Partial<Record<ArgumentMetadata['type'], ErrorCode>> = {
  param: 'invalid_parameter',
  query: 'invalid_query',
};

function bodyCode(issue: z.core.$ZodIssue): (typeof CODES)[number] {
  if (issue.code === 'unrecognized_keys') return 'unknown_field';
  if (issue.code !== 'invalid_type') return 'validation_failed';
  return issue.message === MISSING ? 'missing_field' : 'wrong_type';
}

const rank = (issue: z.core.$ZodIssue): number => CODES.indexOf(bodyCode(issue));
