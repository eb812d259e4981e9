// Maps clean URLs to the files behind them: /, /path/ and /path are path/index.html; a name with a dot is a file as it is.
// CloudFront runs this before it looks into its cache, so that all spellings of a page share one entry.
// Terraform writes `const canonicalHost = ...` above this line: the host to which its www leads, or null.
function handler(event) {
  const request = event.request;
  if (canonicalHost && request.headers.host.value === 'www.' + canonicalHost) return redirect(request);

  const lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (lastSegment === '') {
    request.uri += 'index.html';
  } else if (!lastSegment.includes('.')) {
    request.uri += '/index.html';
  }
  return request;
}

// To the same page of the canonical host. Names and values of the query arrive, and leave, encoded as the visitor sent them.
function redirect(request) {
  const query = Object.keys(request.querystring).map((name) => {
    const parameter = request.querystring[name];
    return (parameter.multiValue || [parameter]).map((one) => (one.value === '' ? name : `${name}=${one.value}`)).join('&');
  }).join('&');
  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: {
      location: { value: `https://${canonicalHost}${request.uri}${query ? `?${query}` : ''}` },
      // A day, so that www can be given to something else again.
      'cache-control': { value: 'public, max-age=86400' },
      'strict-transport-security': { value: 'max-age=63072000' },
    },
  };
}
