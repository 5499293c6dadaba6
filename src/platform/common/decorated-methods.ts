import { DiscoveryService, MetadataScanner } from '@nestjs/core';

export interface DecoratedMethod<Metadata> {
  metadata: Metadata;
  /** `Class.method`, for logs. */
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the decorator has checked the signature
  call: (...args: any[]) => any;
}

/** The methods of all providers that a decorator has left metadata on. */
export function decoratedMethods<Metadata>(
  discovery: DiscoveryService,
  key: string,
): DecoratedMethod<Metadata>[] {
  const scanner = new MetadataScanner();
  return discovery.getProviders().flatMap(({ instance }) => {
    const prototype = instance && typeof instance === 'object' && Object.getPrototypeOf(instance);
    if (!prototype || prototype === Object.prototype) return [];
    return scanner.getAllMethodNames(prototype).flatMap((method) => {
      const metadata: Metadata | undefined = Reflect.getMetadata(key, prototype[method]);
      const name = `${prototype.constructor.name}.${method}`;
      return metadata ? [{ metadata, name, call: instance[method].bind(instance) }] : [];
    });
  });
}
