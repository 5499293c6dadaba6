import type { Duty } from './duties.rules.js';

export const ON_DUTY = 'evently:on-duty';

/** The method is called once the application is up, on the replicas that have this duty. */
export const OnDuty =
  (duty: Duty) =>
  (_target: object, _key: string, method: TypedPropertyDescriptor<() => void>): void =>
    Reflect.defineMetadata(ON_DUTY, { duty }, method.value!);
