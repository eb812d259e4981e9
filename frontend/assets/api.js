/** Calls of the API, and what its answers say. Knows nothing of the page. */

// CloudFront gives the API 30 seconds; waiting less would call a slow success a failure.
const REQUEST_TIMEOUT = 31_000;

/** An answer that is no success; `body` is its problem document, or null where something other than the API answered. */
export class Refusal extends Error {
  constructor(response, body) {
    super(body?.title ?? `The server answered ${response.status}`);
    this.response = response;
    this.status = response.status;
    this.type = body?.type?.replace('/problems/', '') ?? '';
    this.body = body;
  }
}

/** The answer's JSON object, or null where something other than the API answered. */
async function jsonObject(response) {
  const isJson = /^application\/([a-z.]+\+)?json\b/i.test(response.headers.get('Content-Type') ?? '');
  const body = isJson ? await response.json().catch(() => null) : null;
  return typeof body === 'object' ? body : null;
}

/** Sends a request to a path below /api: the answer and its JSON object. Throws what fetch throws when there is no answer. */
export async function send(method, path, { json, headers = {}, token } = {}) {
  const response = await fetch(`/api${path}`, {
    method,
    headers: {
      Accept: 'application/json, application/problem+json',
      ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: json === undefined ? undefined : JSON.stringify(json),
    // The browser may keep a public answer, and asks with its ETag whether it is still right.
    cache: method === 'GET' ? 'no-cache' : 'no-store',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT),
  });
  return [response, await jsonObject(response)];
}

/** As send, but only what succeeded is returned, and everything else thrown as a Refusal. */
export async function call(method, path, options) {
  const [response, body] = await send(method, path, options);
  if (!response.ok || (body === null && response.status !== 204)) throw new Refusal(response, body);
  return { body, headers: response.headers };
}

/** The seconds of a Retry-After header, which holds seconds or a date; NaN without one. */
export function retryAfter(response) {
  const value = response.headers.get('Retry-After');
  return Math.ceil(/^\d+$/.test(value ?? '') ? Number(value) : (Date.parse(value) - Date.now()) / 1000);
}

/** "in 20 seconds"; "in a moment" if the answer does not say. */
export function retryTime(response) {
  const seconds = retryAfter(response);
  if (!(seconds > 0)) return 'in a moment';
  if (seconds > 90) return `in ${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? 'in a second' : `in ${seconds} seconds`;
}

/** What to quote when asking for help. */
export function reference(response, body) {
  return body?.correlationId ?? response.headers.get('X-Correlation-Id') ?? response.headers.get('X-Amzn-RequestId')
    ?? response.headers.get('X-Amz-Cf-Id');
}

export function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
