import type { FastifyRequest } from 'fastify';

/** What follows `Bearer` in the Authorization header; null when nothing of that kind was sent. */
export const bearerToken = ({ headers }: Pick<FastifyRequest, 'headers'>): string | null => {
  const { authorization } = headers;
  return authorization && /^bearer /i.test(authorization) ? authorization.slice(7).trim() : null;
};
