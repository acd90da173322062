/**
 * Loads ky without undici: the first access to the global Request, Response, Headers or FormData loads undici, which takes 40 ms of CPU
 * time and 8 MiB in a run of 60 ms. The classes below have the few members that ky needs.
 */
export async function loadKy() {
  // Object.assign, because Object.defineProperty reads the old property first, which would load undici
  Object.assign(globalThis, { Headers: PlainHeaders, Request: PlainRequest, Response: PlainResponse });
  // with these, ky would test for request streams while it is being loaded
  Object.assign(globalThis, { FormData: undefined, ReadableStream: undefined });
  const { default: ky } = await import('ky');
  return ky;
}

type Fields = Iterable<[string, string]> | Record<string, string | undefined>;

export class PlainHeaders {
  readonly #fields = new Map<string, string>();

  constructor(fields: Fields = {}) {
    const entries = Symbol.iterator in fields ? fields : Object.entries(fields);
    for (const [name, value] of entries) if (value !== undefined) this.set(name, value);
  }

  get(name: string): string | null {
    return this.#fields.get(name.toLowerCase()) ?? null;
  }

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), value);
  }

  has(name: string): boolean {
    return this.#fields.has(name.toLowerCase());
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  entries(): IterableIterator<[string, string]> {
    return this.#fields.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

export class PlainRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: PlainHeaders;
  readonly signal: AbortSignal;
  readonly body = null;

  constructor(
    input: string | URL | PlainRequest,
    init: { method?: string; headers?: Fields; signal?: AbortSignal } = {},
  ) {
    const given = input instanceof PlainRequest ? input : undefined;
    this.url = input instanceof PlainRequest ? input.url : input.toString();
    this.method = (init.method ?? given?.method ?? 'GET').toUpperCase();
    this.headers = new PlainHeaders(init.headers ?? given?.headers);
    this.signal = init.signal ?? given?.signal ?? new AbortController().signal;
  }

  clone(): PlainRequest {
    return new PlainRequest(this);
  }
}

export class PlainResponse {
  readonly status: number;
  readonly headers: PlainHeaders;
  readonly body = null;
  readonly type = 'default';
  readonly #text: string;

  constructor(text: string, status: number, headers = new PlainHeaders()) {
    this.#text = text;
    this.status = status;
    this.headers = headers;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  text(): Promise<string> {
    return Promise.resolve(this.#text);
  }

  clone(): PlainResponse {
    return new PlainResponse(this.#text, this.status, this.headers);
  }
}
