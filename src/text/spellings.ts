/** Shorter values occur in other text by accident. */
const SHORTEST_SECRET = 6;

/**
 * The forms in which a secret may occur: unchanged, with runs of blanks collapsed, line by line, in a query, within a shell's quotes, in
 * hexadecimal and in base64. Escapes of single characters (`%2F`, `\u0026`, `\"`, `&amp;`) are decoded by the search instead.
 */
export function spellings(secret: string): string[] {
  const lines = secret.split(/\r?\n|\\n/);
  const bytes = Buffer.from(secret);
  const hex = [bytes.toString('hex'), bytes.toString('hex').replace(/..(?!$)/g, '$&:')];
  return [
    secret,
    ...lines,
    secret.replace(/\s+/g, ' '),
    // application/x-www-form-urlencoded; its other escapes are decoded by the search
    secret.replaceAll(' ', '+'),
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
    ...(bytes.length < SHORTEST_SECRET ? [] : [...hex, ...hex.map((each) => each.toUpperCase()), ...inBase64(bytes)]),
  ]
    .map((spelling) => spelling.trim())
    .filter((spelling) => spelling.length >= SHORTEST_SECRET);
}

/**
 * The part of its base64 that does not depend on the bytes around it, for each of the three offsets at which it may begin, in both
 * alphabets: in an Authorization header `user:password` is encoded as a whole.
 */
function inBase64(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((whole.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((alphabet) => whole.toString(alphabet).slice(first, last));
  });
}
