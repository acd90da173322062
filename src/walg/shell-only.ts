/** Why a value means something else to a shell than to dotenv, in words that follow the line; undefined where it means the same. */
export function shellOnly(value: Value): string | undefined {
  const { quote, text } = value;
  if (quote === "'") return undefined;
  const expansion = quote === '`' ? '`' : /\$\{|\$\(|`/.exec(text)?.[0];
  if (expansion === '`') return 'holds a command in back quotes, which only a shell would run';
  if (expansion === '$(') return 'holds a command, $(…), which only a shell would run';
  if (expansion === '${') return 'holds a variable, ${…}, which only a shell would replace';
  return quote === undefined ? unquotedOnly(value) : undefined;
}

export interface Value {
  /** The quotes around it; undefined = it stands in none. */
  quote: string | undefined;
  /** As it stands in the file, without those quotes, and without a comment where it stood in quotes. */
  text: string;
  /** A blank stands before it. */
  afterBlank: boolean;
}

function unquotedOnly({ text, afterBlank }: Value): string | undefined {
  const [value = ''] = text.split(COMMENT, 1);
  const [opened = ''] = value;
  if (/['"]/.test(opened) && value.includes(opened, 1))
    return 'has text after a closing quote, which only a shell would join: put all of the value in one pair of quotes';
  if (value.includes('#') && !(afterBlank && value.startsWith('#')))
    return 'has a "#" right after its value: put the value in quotes, or a blank before the comment';
  if (/\s(?:export\s+)?[A-Za-z_]\w*=/.test(value))
    return 'holds two assignments, which only a shell would tell apart: one to a line, or quotes around the value';
  return undefined;
}

/** A comment begins after a blank. */
const COMMENT = /\s#/;
