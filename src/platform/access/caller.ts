import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import Bowser from 'bowser';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from, as far as it says so itself. */
export interface Caller {
  readonly ip: string;
  /** Such as "Firefox" and "Windows", or the program's name and null. */
  readonly browser: string | null;
  readonly system: string | null;
}

/** Longest part of a user agent that is looked at: real ones have some 120 characters. */
const LOOKED_AT = 400;

/** Names browser and system of a user agent, or the program, of which only the name is kept. */
export function callerOf(ip: string, userAgent: string | undefined): Caller {
  const said = userAgent?.slice(0, LOOKED_AT).trim();
  if (!said) return { ip, browser: null, system: null };
  const { browser, os } = Bowser.parse(said);
  const program = browser.name || said.split(/[\s/]/, 1)[0]!;
  return { ip, browser: program.slice(0, 50), system: os.name?.slice(0, 50) || null };
}

/** Where the request comes from. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { ip, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return callerOf(ip, headers['user-agent']);
});
