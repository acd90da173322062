import { trimEndOf } from '../text/trim-end.ts';

/** The URL as it is shown and asked: paths are put after it. */
export function withoutSlash(url: URL): string {
  return trimEndOf(url.href, '/');
}
