import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PUBLIC, principalOf, ROLES } from '../access/access.decorators.js';
import { StartupError } from '../common/startup-error.js';
import { cachingProblems } from './cache.rules.js';
import { CACHED, type CachedOptions, type CachedRoute } from './cached-route.js';

type Handler = (...args: never[]) => unknown;

/**
 * The routes with `@Cached`, each checked before the first request: a route that could leak private data stops the
 * start.
 */
@Injectable()
export class CachedRoutesService implements OnModuleInit {
  private readonly routes = new Map<object, CachedRoute>();
  /** Kinds of facts that some answer depends on. */
  readonly streams = new Set<string>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /** @throws StartupError naming every route that must not be kept, and why */
  onModuleInit(): void {
    const problems: string[] = [];
    const scanner = new MetadataScanner();
    for (const wrapper of this.discovery.getControllers()) {
      const controller = wrapper.metatype as { new (): unknown; name: string };
      for (const method of scanner.getAllMethodNames(controller.prototype)) {
        const handler: Handler = controller.prototype[method];
        const options = this.reflector.get<CachedOptions | undefined>(CACHED, handler);
        if (!options) continue;
        const name = `${controller.name}.${method}`;
        const targets = [handler, controller as never];
        const path = `${Reflect.getMetadata(PATH_METADATA, controller)}/${Reflect.getMetadata(PATH_METADATA, handler)}`;
        const found = cachingProblems(
          {
            isGet: Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.GET,
            isPublic: this.reflector.getAllAndOverride(PUBLIC, targets) === true,
            hasRoles: this.reflector.getAllAndOverride(ROLES, targets) !== undefined,
            isStatic: wrapper.isDependencyTreeStatic(),
            parameters: Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {},
            params: [...path.matchAll(/:(\w+)/g)].map(([, param]) => param!),
            tags: options.tags,
          },
          principalOf,
        );
        problems.push(...found.map((problem) => `@Cached ${name} ${problem}`));
        this.routes.set(handler, { name, options });
        for (const tag of options.tags) this.streams.add(tag.split(':')[0]!);
      }
    }
    if (problems.length > 0) throw new StartupError(problems.join('; '));
  }

  of(handler: object): CachedRoute {
    return this.routes.get(handler)!;
  }
}
