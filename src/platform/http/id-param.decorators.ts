import { Param } from '@nestjs/common';
import { uuid } from '../common/schemas.js';

/** An id in the path: a UUID. */
export const IdParam = (name = 'id') => Param(name, { schema: uuid });
