import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import {
  BUYERS_TOO,
  KEYS_ONLY,
  KEYS_TOO,
  NEEDS,
  PUBLIC,
  ROLES,
} from '../../platform/access/access.decorators.js';
import type { Permission } from '../../platform/access/permissions.js';
import type { Role } from '../../platform/access/principal.js';

/** Access rules of an operation, as the guards know them and OpenAPI prints them. */
export interface Access {
  isPublic: boolean;
  roles: Role[];
  needs: Permission | undefined;
  /** Whether keys of organisations open it, and whether nothing else does. */
  keys: boolean;
  keysOnly: boolean;
  /** Whether buyer sessions open it. */
  buyers: boolean;
}

/** `VenuesController.create` → `venues_create`. */
export const operationId = (controller: string, method: string): string => {
  const feature = controller.replace(/Controller$/, '');
  return `${feature[0]!.toLowerCase()}${feature.slice(1)}_${method}`;
};

/** Who may call what, by operation id. */
export function accessOfOperations(app: INestApplication): Map<string, Access> {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  const found = new Map<string, Access>();
  for (const { metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (!metatype) continue;
    for (const method of scanner.getAllMethodNames(metatype.prototype)) {
      const targets = [metatype.prototype[method], metatype] as const;
      const read = <T>(key: string) => reflector.getAllAndOverride<T | undefined>(key, [...targets]);
      const needs = read<Permission>(NEEDS);
      found.set(operationId(metatype.name, method), {
        isPublic: read<boolean>(PUBLIC) ?? false,
        roles: read<Role[]>(ROLES) ?? [],
        needs,
        keys: needs !== undefined || read<true>(KEYS_TOO) === true,
        keysOnly: read<true>(KEYS_ONLY) ?? false,
        buyers: read(BUYERS_TOO) !== undefined,
      });
    }
  }
  return found;
}
