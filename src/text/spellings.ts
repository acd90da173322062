/** Shorter values occur by accident in innocent text. */
const SHORTEST_SECRET = 6;

/**
 * How a secret may be written besides as it is: with its blanks run together, line by line, in a query, between a shell's quotes, in
 * hexadecimal and in base64. Escapes of single characters (`%2F`, `\u0026`, `\"`, `&amp;`) are undone where it is looked for.
 */
export function spellings(secret: string): string[] {
  const lines = secret.split(/\r?\n|\\n/);
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    secret,
    ...lines,
    secret.replace(/\s+/g, ' '),
    // application/x-www-form-urlencoded, its other characters undone
    secret.replaceAll(' ', '+'),
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
    ...(bytes.length < SHORTEST_SECRET ? [] : [hex, hex.toUpperCase(), ...inBase64(bytes)]),
  ]
    .map((spelling) => spelling.trim())
    .filter((spelling) => spelling.length >= SHORTEST_SECRET);
}

/**
 * What of its base64 does not depend on what stands before and after it, for each of the three places at which it may begin:
 * `user:password` in an Authorization header is encoded as a whole. In both alphabets.
 */
function inBase64(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((whole.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((alphabet) => whole.toString(alphabet).slice(first, last));
  });
}
