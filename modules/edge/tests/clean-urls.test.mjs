// node --test modules/edge/tests/    The function is a plain script, as CloudFront wants it, hence the context instead of an import.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';

const code = readFileSync(new URL('../functions/clean-urls.js', import.meta.url), 'utf8');

/** The function as Terraform deploys it, for a site without or with www. */
const deployed = (canonicalHost) => {
  const context = createContext({});
  runInContext(`const canonicalHost = ${JSON.stringify(canonicalHost)};\n${code}`, context);
  return context;
};
const edge = deployed(null);
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

for (const [query, asked] of [
  [{}, '/privacy'],
  [{ q: { value: 'a%20b' }, flag: { value: '' } }, '/?q=a%20b&flag'],
  [{ a: { value: '2', multiValue: [{ value: '1' }, { value: '2' }] } }, '/p?a=1&a=2'],
]) {
  test(`www leads to the same address: ${asked}`, () => {
    const request = { method: 'GET', uri: asked.split('?')[0], querystring: query, headers: { host: { value: 'www.example.com' } }, cookies: {} };
    const { statusCode, headers } = deployed('example.com').handler({ request });
    assert.equal(statusCode, 301);
    assert.equal(headers.location.value, `https://example.com${asked}`);
    assert.equal(headers['cache-control'].value, 'public, max-age=86400');
    assert.equal(headers['strict-transport-security'].value, 'max-age=63072000');
  });
}

for (const host of ['example.com', 'd111111abcdef8.cloudfront.net', 'www.example.org']) {
  test(`${host} is not redirected`, () => {
    const request = { method: 'GET', uri: '/', querystring: {}, headers: { host: { value: host } }, cookies: {} };
    assert.equal(deployed('example.com').handler({ request }).uri, '/index.html');
  });
}

test('the code fits CloudFront\'s limit of 10 KB', () => assert.ok(Buffer.byteLength(code) <= 10240));
