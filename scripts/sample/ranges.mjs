/**
 * The part of `size` bytes a request asks for: {start, end} (end exclusive), 'unsatisfiable', or undefined for all of it.
 * A Range whose If-Range names another ETag is ignored, or two releases would be glued together (RFC 9110 §13.1.5).
 */
export function rangeOf(headers, size, etag) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  if (headers['if-range'] !== undefined && headers['if-range'] !== etag) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size : Math.min(size, Number(match[2]) + 1);
  return start >= size || end <= start ? 'unsatisfiable' : { start, end };
}
