import assert from 'node:assert/strict';
import type { TestApp } from './app.js';
import type { Answer, Json } from './client.js';

/** A browser without a screen: it keeps cookies, follows redirects and fills in the page of `IdProvider`. */
export class Walker {
  private readonly jar = new Map<string, Map<string, string>>();

  constructor(
    private readonly app: TestApp,
    private readonly token?: string,
  ) {}

  /** Begins a way to a provider. @returns the address there */
  async begin(route: string, provider: string): Promise<URL> {
    const { status, body } = await this.call(route, { provider });
    assert.equal(status, 200, JSON.stringify(body));
    return new URL(body.url);
  }

  /** Goes to an address at a provider and logs in there. @returns the address of the callback, to which it has not gone yet */
  async logInAt(address: URL, login: string, go = 'in'): Promise<URL> {
    let url = address;
    let form: URLSearchParams | undefined;
    for (let steps = 0; steps < 12; steps++) {
      if (url.origin === this.app.url) return url;
      const answer = await this.ask(url, form && { method: 'POST', body: form });
      form = undefined;
      const location = answer.headers.get('location');
      if (location) url = new URL(location, url);
      else if (answer.status === 200) form = new URLSearchParams({ login, go });
      else throw new Error(`${url.pathname} answers ${answer.status}: ${await answer.text()}`);
    }
    throw new Error('The provider sends this browser round in circles');
  }

  /** Opens a callback. @returns what the page of the app is told */
  async comeBack(callback: URL): Promise<Record<string, string>> {
    const answer = await this.ask(callback);
    assert.equal(answer.status, 303, await answer.text());
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const page = new URL(answer.headers.get('location')!);
    assert.equal(page.pathname, '/login/back');
    assert.equal(page.search, '');
    return Object.fromEntries(new URLSearchParams(page.hash.slice(1)));
  }

  finish(code: string | undefined): Promise<Answer> {
    return this.call('/auth/login/identity/finish', { code });
  }

  /** A whole login. @returns the answer of its last step, or what the page is told instead */
  async logIn(provider: string, login: string): Promise<{ said: Record<string, string>; answer?: Answer }> {
    const address = await this.begin('/auth/login/identity', provider);
    const said = await this.comeBack(await this.logInAt(address, login));
    return said.code ? { said, answer: await this.finish(said.code) } : { said };
  }

  forget(): void {
    this.jar.clear();
  }

  private async call(route: string, body: Json): Promise<Answer> {
    const cookie = this.cookies(this.app.url);
    const answer = await this.app.client(this.token).post(route, body, cookie ? { cookie } : {});
    if (answer.headers['set-cookie']) this.keep(this.app.url, [answer.headers['set-cookie']]);
    return answer;
  }

  private async ask(url: URL, more: RequestInit = {}): Promise<Response> {
    const answer = await fetch(url, {
      ...more,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: { cookie: this.cookies(url.origin) },
    });
    this.keep(url.origin, answer.headers.getSetCookie());
    return answer;
  }

  private cookies(origin: string): string {
    return [...(this.jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(origin: string, lines: readonly string[]): void {
    const jar = this.jar.get(origin) ?? new Map<string, string>();
    this.jar.set(origin, jar);
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value) jar.set(name!, value);
      else jar.delete(name!);
    }
  }
}
