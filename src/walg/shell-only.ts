/** Why a shell would read a value differently than dotenv, as the rest of a sentence about the line; undefined if both read the same. */
export function shellOnly(value: Value): string | undefined {
  const { quote, text } = value;
  if (quote === "'") return undefined;
  const expansion = quote === '`' ? '`' : /\$\{|\$\(|`/.exec(text)?.[0];
  if (expansion === '`') return 'contains a command in back quotes, which only a shell would run';
  if (expansion === '$(') return 'contains a command, $(…), which only a shell would run';
  if (expansion === '${') return 'contains a variable, ${…}, which only a shell would expand';
  return quote === undefined ? unquotedOnly(value) : undefined;
}

export interface Value {
  /** The quotes around it; undefined = none. */
  quote: string | undefined;
  /** The raw text without those quotes; of a quoted value also without the comment. */
  text: string;
  /** There is a blank before it. */
  afterBlank: boolean;
}

function unquotedOnly({ text, afterBlank }: Value): string | undefined {
  const [value = ''] = text.split(COMMENT, 1);
  const [opened = ''] = value;
  if (/['"]/.test(opened) && value.includes(opened, 1))
    return 'has text after a closing quote, which only a shell would join: put the whole value in one pair of quotes';
  if (value.includes('#') && !(afterBlank && value.startsWith('#')))
    return 'has a "#" right after its value: put the value in quotes, or a blank before the "#" if it begins a comment';
  if (/\s(?:export\s+)?[A-Za-z_]\w*=/.test(value))
    return 'contains two assignments, which only a shell would separate: write one per line, or put the value in quotes';
  return undefined;
}

/** A comment begins after a blank. */
const COMMENT = /\s#/;
