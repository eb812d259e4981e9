// Maps clean URLs to the files behind them: /, /path/ and /path are path/index.html; a name with a dot is a file as it is.
// CloudFront runs this before it looks into its cache, so that all spellings of a page share one entry.
function handler(event) {
  const request = event.request;
  const lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (lastSegment === '') {
    request.uri += 'index.html';
  } else if (!lastSegment.includes('.')) {
    request.uri += '/index.html';
  }
  return request;
}
