import { trimEndOf } from '../text/trim-end.ts';

/** The base URL without a slash at the end, because paths that begin with one are appended. */
export function withoutSlash(url: URL): string {
  return trimEndOf(url.href, '/');
}
