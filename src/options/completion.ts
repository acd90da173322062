import { optionList, others, type OptionDefinition, type shellNames } from './definitions.ts';

/** What may follow an option: one of these words, a file, a value that a shell cannot complete, or nothing. */
type Completion = readonly string[] | 'file' | 'other' | 'nothing';

interface Completable {
  /** All spellings, such as `-h` and `--help`. */
  flags: string[];
  description: string;
  follows: Completion;
}

export type Shell = (typeof shellNames)[number];

/** The completion script for a shell, from the same definitions as the help. */
export function completionScript(shell: Shell): string {
  const options = completables();
  return { bash, zsh, fish }[shell](options);
}

function completables(): Completable[] {
  return [...optionList, ...Object.values(others)].map((option) => ({
    flags: option.flags.split(/,? /).filter((word) => word.startsWith('-')),
    description: option.description,
    follows: follows(option),
  }));
}

function follows({ flags, choices }: Pick<OptionDefinition, 'flags' | 'choices'>): Completion {
  return choices ?? (/<(path|file)/.test(flags) ? 'file' : flags.includes('<') ? 'other' : 'nothing');
}

function bash(options: readonly Completable[]): string {
  const cases = options.flatMap(({ flags, follows }) => {
    const action = bashAction(follows);
    return action === undefined ? [] : [`    ${flags.join('|')}) ${action} ;;`];
  });
  // bash splits --format=json into three words
  return `# bash completion for postgres-status
_postgres_status() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  if [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $current == = ]]; then current=; fi
  case $previous in
${cases.join('\n')}
    *) COMPREPLY=($(compgen -W '${options.flatMap(({ flags }) => flags).join(' ')}' -- "$current")) ;;
  esac
}
complete -F _postgres_status postgres-status
`;
}

function bashAction(follows: Completion): string | undefined {
  if (follows === 'nothing') return undefined;
  if (follows === 'file') return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current")';
  return follows === 'other' ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W '${follows.join(' ')}' -- "$current"))`;
}

function zsh(options: readonly Completable[]): string {
  const specifications = options.flatMap(({ flags, description, follows }) =>
    flags.map(
      (flag) =>
        `  '${flag}${zshSeparator(follows, flag)}[${quoted(description).replace(/[[\]:]/g, String.raw`\$&`)}]${zshAction(follows)}'`,
    ),
  );
  return `#compdef postgres-status
_arguments -S \\
${specifications.join(' \\\n')}
`;
}

/** The value may be the next word or follow a `=`. */
function zshSeparator(follows: Completion, flag: string): string {
  return follows !== 'nothing' && flag.startsWith('--') ? '=' : '';
}

function zshAction(follows: Completion): string {
  if (follows === 'nothing') return '';
  if (follows === 'file') return ':file:_files';
  return follows === 'other' ? ':value: ' : `:value:(${follows.join(' ')})`;
}

function fish(options: readonly Completable[]): string {
  const lines = options.map(({ flags, description, follows }) => {
    const spellings = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
    return `complete -c postgres-status ${spellings.join(' ')}${fishAction(follows)} -d '${quoted(description, String.raw`\'`)}'`;
  });
  return `# fish completion for postgres-status\ncomplete -c postgres-status -f\n${lines.join('\n')}\n`;
}

function fishAction(follows: Completion): string {
  if (follows === 'nothing') return '';
  if (follows === 'file') return ' -r -F';
  return follows === 'other' ? ' -x' : ` -x -a '${follows.join(' ')}'`;
}

/** Escapes single quotes for a text within single quotes. */
function quoted(text: string, quote = String.raw`'\''`): string {
  return text.replaceAll("'", quote);
}
