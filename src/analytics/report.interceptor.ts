import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { type Report, toCsv } from './report.js';

/** Sends a report as JSON, or with `?format=csv` as a stream of lines. */
@Injectable()
export class ReportInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Report>): Observable<unknown> {
    const { format } = context.switchToHttp().getRequest<FastifyRequest>().query as { format?: string };
    return next.handle().pipe(
      map((report) => {
        if (format !== 'csv') return report.body;
        const disposition = `attachment; filename="${report.name}.csv"`;
        return new StreamableFile(toCsv(report), { type: 'text/csv; charset=utf-8', disposition });
      }),
    );
  }
}
