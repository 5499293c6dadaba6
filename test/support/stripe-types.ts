import { resolve } from 'node:path';
import type TS from 'typescript';
import { fromTools } from './tools-package.js';

const { default: ts } = await fromTools<{ default: typeof TS }>('typescript');

/** A form as Stripe reads it: strings, or objects and arrays of them. */
export type Form = string | Form[] | { [name: string]: Form };

/** Routes the stand-in knows, with the official library's type of what may be sent there. */
const PARAMS = {
  'POST /v1/payment_intents': 'PaymentIntentCreateParams',
  'GET /v1/payment_intents': 'PaymentIntentListParams',
  'GET /v1/payment_intents/:id': 'PaymentIntentRetrieveParams',
  'POST /v1/payment_intents/:id/capture': 'PaymentIntentCaptureParams',
  'POST /v1/payment_intents/:id/cancel': 'PaymentIntentCancelParams',
  'POST /v1/refunds': 'RefundCreateParams',
  'GET /v1/refunds': 'RefundListParams',
} as const;
export type StripeRoute = keyof typeof PARAMS;

/**
 * Checks requests against the parameter types that come with the `stripe` package, which are generated from Stripe's
 * OpenAPI document. (No package ships that document itself.) Takes a second to load.
 */
export class StripeTypes {
  private readonly checker: TS.TypeChecker;
  private readonly types: Map<string, TS.Type>;

  constructor() {
    const name = resolve('test/stripe-params.ts');
    const lines = Object.values(PARAMS).map((type) => `export type ${type} = Stripe.${type};`);
    const source = ["import type { Stripe } from 'stripe';", ...lines].join('\n');
    const options: TS.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      types: [],
      strict: true,
      skipLibCheck: true,
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (file) => file === name || fileExists(file);
    host.getSourceFile = (file, language) =>
      file === name ? ts.createSourceFile(file, source, language) : getSourceFile(file, language);
    const program = ts.createProgram([name], options, host);
    const file = program.getSourceFile(name)!;
    this.checker = program.getTypeChecker();
    this.types = new Map(
      this.checker
        .getExportsOfModule(this.checker.getSymbolAtLocation(file)!)
        .map((symbol) => [symbol.name, this.checker.getDeclaredTypeOfSymbol(symbol)]),
    );
  }

  /** Faults of a request, one line for each. */
  faults(route: StripeRoute, form: Form): string[] {
    return this.check(this.types.get(PARAMS[route])!, form, 'params');
  }

  private check(type: TS.Type, value: Form, path: string): string[] {
    if (type.isUnion()) return this.checkUnion(type, value, path);
    if (type.isStringLiteral()) return value === type.value ? [] : [`${path} is not ${type.value}`];
    if (type.flags & ts.TypeFlags.String) return typeof value === 'string' ? [] : [`${path} is no string`];
    if (type.flags & ts.TypeFlags.Number)
      return /^-?\d+(\.\d+)?$/.test(`${value}`) ? [] : [`${path} is no number`];
    if (type.flags & ts.TypeFlags.BooleanLiteral)
      return value === this.checker.typeToString(type) ? [] : [`${path} is no boolean`];
    if (this.checker.isArrayType(type)) {
      const [element] = this.checker.getTypeArguments(type as TS.TypeReference);
      if (!Array.isArray(value)) return [`${path} is no array`];
      return value.flatMap((item, i) => this.check(element!, item, `${path}.${i}`));
    }
    if (!(type.flags & ts.TypeFlags.Object)) return [`${path} has an unexpected type`];
    return typeof value === 'object' && !Array.isArray(value)
      ? this.checkMembers(type, value, path)
      : [`${path} is no object`];
  }

  /**
   * `'a' | 'b' | OtherString` leaves room for what Stripe may add; we use none of that, so only the known words pass.
   */
  private checkUnion(type: TS.UnionType, value: Form, path: string): string[] {
    const members = type.types.filter(
      (member) => !member.isIntersection() && !(member.flags & ts.TypeFlags.Undefined),
    );
    const faults = members.map((member) => this.check(member, value, path));
    return faults.some((found) => found.length === 0) ? [] : (faults.at(-1) ?? []);
  }

  private checkMembers(type: TS.Type, value: Record<string, Form>, path: string): string[] {
    const others = type.getStringIndexType();
    const members = new Map(type.getProperties().map((member) => [member.name, member]));
    const missing = [...members.values()].filter(
      ({ name, flags }) => !(flags & ts.SymbolFlags.Optional) && value[name] === undefined,
    );
    return [
      ...missing.map(({ name }) => `${path}.${name} is missing`),
      ...Object.entries(value).flatMap(([name, item]) => {
        const member = members.get(name);
        const expected = member ? this.checker.getTypeOfSymbol(member) : others;
        return expected ? this.check(expected, item, `${path}.${name}`) : [`${path}.${name} is unknown`];
      }),
    ];
  }
}
