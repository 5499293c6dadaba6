import type { LoggerService } from '@nestjs/common';
import { type Logger as PinoLogger, pino, stdSerializers } from 'pino';
import { correlationId } from '../common/request-context.js';

/** JSON logs on standard output; every line of a request carries its correlation id, secrets are removed. */
export function createPino(level: string): PinoLogger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: stdSerializers.err },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        'password',
        '*.password',
        'authorization',
        '*.authorization',
        'headers.authorization',
        'headers.cookie',
        // what a failed statement of the database carried: names, addresses, hashes
        'err.parameters',
        'err.driverError',
        'err.detail',
      ],
      censor: '[removed]',
    },
    mixin: () => {
      const id = correlationId();
      return id ? { correlationId: id } : {};
    },
  });
}

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

// Contexts of Nest whose hundreds of lines only say that Nest has started.
const CHATTER = new Set<string | undefined>([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/** Nest's own lines through the same pino. The last string argument is Nest's context, a class name. */
export class NestPinoLogger implements LoggerService {
  constructor(private readonly pino: PinoLogger) {}

  log = (message: unknown, ...rest: unknown[]) => this.write('info', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);

  private write(wanted: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.pop() as string) : undefined;
    const level = wanted === 'info' && CHATTER.has(context) ? 'debug' : wanted;
    if (message instanceof Error) {
      this.pino[level]({ err: message, context }, message.message);
    } else if (typeof message === 'object' && message !== null) {
      this.pino[level]({ ...message, context }, rest.length > 0 ? String(rest[0]) : context);
    } else {
      const stack = typeof rest[0] === 'string' ? { stack: rest[0] } : {};
      this.pino[level]({ context, ...stack }, String(message));
    }
  }
}
