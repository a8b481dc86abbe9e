// Completion scripts: commands by what they are, targets by asking `sekisho ls`.

const commands = [
  'login',
  'logout',
  'status',
  'ls',
  'connect',
  'psql',
  'mysql',
  'up',
  'config',
  'doctor',
  'logs',
  'completion',
  'serve',
  'plan',
  'apply',
  'export',
  'audit',
  'policy',
  'reset-password',
].join(' ')
const withTarget = ['connect', 'psql', 'mysql']

/** The names in the first column, without its head. */
const names = `sekisho ls 2>/dev/null | awk 'NR > 1 { print $1 }'`

const scripts: Readonly<Record<string, string>> = {
  bash: `_sekisho() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands}" -- "$word"))
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case "\${COMP_WORDS[1]}" in
      ${withTarget.join('|')}) COMPREPLY=($(compgen -W "$(${names})" -- "$word")) ;;
      completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
    esac
  fi
}
complete -F _sekisho sekisho
`,
  zsh: `#compdef sekisho
_sekisho() {
  if (( CURRENT == 2 )); then
    compadd -- ${commands}
  elif (( CURRENT == 3 )); then
    case "\${words[2]}" in
      ${withTarget.join('|')}) compadd -- \${(f)"$(${names})"} ;;
      completion) compadd -- bash zsh fish ;;
    esac
  fi
}
compdef _sekisho sekisho
`,
  fish: `complete -c sekisho -f
complete -c sekisho -n __fish_use_subcommand -a "${commands}"
complete -c sekisho -n "__fish_seen_subcommand_from ${withTarget.join(' ')}" -a "(${names})"
complete -c sekisho -n "__fish_seen_subcommand_from completion" -a "bash zsh fish"
`,
}

/** @throws Error  a shell that is not known */
export function completion(shell: string): string {
  const script = scripts[shell]
  if (script === undefined) throw new Error('There is completion for bash, zsh and fish.')
  return script
}
