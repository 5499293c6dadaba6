/** Token after `Bearer` in the Authorization header; null when none was sent. */
export const bearerToken = ({ headers }: { headers: { authorization?: string } }): string | null => {
  const { authorization } = headers;
  return authorization && /^bearer /i.test(authorization) ? authorization.slice(7).trim() : null;
};
