// node --test modules/edge/tests/    The function is a plain script, as CloudFront wants it, hence the context instead of an import.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';

const code = readFileSync(new URL('../functions/clean-urls.js', import.meta.url), 'utf8');
const edge = createContext({});
runInContext(code, edge);
const rewritten = (uri) => edge.handler({ request: { method: 'GET', uri, querystring: {}, headers: {}, cookies: {} } }).uri;

for (const [uri, file] of [
  ['/', '/index.html'],
  ['/privacy', '/privacy/index.html'],
  ['/privacy/', '/privacy/index.html'],
  ['/privacy/index.html', '/privacy/index.html'],
  ['/help/returns', '/help/returns/index.html'],
  ['/v1.2/notes', '/v1.2/notes/index.html'],
  ['/assets/site.css', '/assets/site.css'],
  ['/.well-known/security.txt', '/.well-known/security.txt'],
]) {
  test(`${uri} is ${file}`, () => assert.equal(rewritten(uri), file));
}

test('nothing but the path changes', () => {
  const request = { method: 'HEAD', uri: '/privacy', querystring: { a: { value: '1' } }, headers: { host: { value: 'h' } }, cookies: {} };
  const { uri, ...rest } = edge.handler({ request: structuredClone(request) });
  const { uri: asked, ...others } = request;
  assert.deepEqual(rest, others);
});

test('the code fits CloudFront\'s limit of 10 KB', () => assert.ok(Buffer.byteLength(code) <= 10240));
